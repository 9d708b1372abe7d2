import { Fragment } from 'preact';

/** A sentence of the API: what stands between backticks is code. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((piece, index) => {
        const key = `${index}${piece}`;
        return index % 2 === 1 ? <code key={key}>{piece}</code> : <Fragment key={key}>{piece}</Fragment>;
      })}
    </>
  );
}
