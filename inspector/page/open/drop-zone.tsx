import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openFile } from './open-file.ts';

/** Takes files that a person drops anywhere on the page. */
export function DropZone() {
  const over = useSignal(false);
  useEffect(() => {
    const isFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!isFile(event)) return;
      event.preventDefault();
      over.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) over.value = false;
    };
    const drop = (event: DragEvent) => {
      if (!isFile(event)) return;
      event.preventDefault();
      over.value = false;
      const file = event.dataTransfer?.files[0];
      if (file) void openFile(file);
    };
    addEventListener('dragover', enter);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return over.value ? <div class="drop-zone">Drop a trace, a replay file or a counterexample to open it.</div> : null;
}

/** The same for everybody who does not drag. */
export function OpenButton() {
  return (
    <label class="open-file">
      Open …
      <input
        type="file"
        aria-label="Open a trace"
        accept=".jsonl,.json,.ndjson"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void openFile(file);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
