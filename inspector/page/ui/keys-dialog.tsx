import { useEffect, useRef } from 'preact/hooks';
import { BINDINGS, showsKeys } from '../state/keys.ts';

const NAMES: Readonly<Record<string, string>> = { ' ': 'Space', ArrowRight: '→', ArrowLeft: '←' };

/** All keys of the page. */
export function KeysDialog() {
  const host = useRef<HTMLDialogElement>(null);
  const isOpen = showsKeys.value;
  useEffect(() => {
    if (isOpen) host.current?.showModal();
    else host.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={host}
      class="keys"
      aria-label="Keys"
      onClose={() => {
        showsKeys.value = false;
      }}
    >
      <h2>Keys</h2>
      <table>
        <tbody>
          {BINDINGS.map(({ keys, words }) => (
            <tr key={words}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{NAMES[key] ?? key}</kbd>
                ))}
              </td>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
