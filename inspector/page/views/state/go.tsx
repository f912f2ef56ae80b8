import { recording, selectRecord, story } from '../../state/store.ts';
import { placeText } from '../../state/time-text.ts';

/** The way to a record. `text` is what is to be seen; without it, when it happened. */
export function Go({ index, text }: { index: number; text?: string }) {
  const shown = text ?? placeText(story.value.at(index), recording.value?.unit);
  return (
    <button type="button" aria-label={`${shown}: go to record ${index + 1}`} onClick={() => selectRecord(index)}>
      {shown}
    </button>
  );
}
