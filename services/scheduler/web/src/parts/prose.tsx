import { Fragment } from 'preact';
import { Time } from './time.tsx';

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of the API: what stands between backticks is code, an instant is shown in the reader's zone. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((piece, index) => {
        const key = `${index}${piece}`;
        return index % 2 === 1 ? (
          <code key={key}>{piece}</code>
        ) : (
          <Fragment key={key}>
            {piece
              .split(INSTANT)
              .map((part, place) => (place % 2 === 1 ? <Time key={part} at={part} as="when" /> : part))}
          </Fragment>
        );
      })}
    </>
  );
}
