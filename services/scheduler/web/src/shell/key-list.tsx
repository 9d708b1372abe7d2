import { CloseButton, Modal } from '../parts/dialog.tsx';

const KEYS: [keys: string, what: string][] = [
  ['g then n r s c q m y', 'go to a page'],
  ['Ctrl K', 'search and command'],
  ['/', 'filter or find here'],
  ['j, k, Enter', 'next, previous, open'],
  ['x', 'select'],
  ['t', 'light, dark, as the system'],
  ['u', 'times local or UTC'],
  ['?', 'this list'],
];

export function KeyList({ close }: { close: () => void }) {
  return (
    <Modal title="Keys" close={close}>
      <div class="pad">
        <div class="head">
          <h2 class="grow">Keys</h2>
          <CloseButton close={close} />
        </div>
        <table>
          <tbody>
            {KEYS.map(([keys, what]) => (
              <tr key={keys}>
                <td class="fit">
                  <kbd>{keys}</kbd>
                </td>
                <td class="soft">{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
