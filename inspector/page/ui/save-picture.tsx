import { useId } from 'preact/hooks';
import { type Picture, type PictureType, savePicture } from '../pictures/picture.ts';
import { notice } from '../state/store.ts';

interface Props {
  /** What it is a picture of, in a word. */
  readonly title: string;
  /** What to save, asked for when a person asks. */
  readonly picture: () => Picture | undefined;
}

const TYPES: readonly PictureType[] = ['svg', 'png'];

/** Saves a picture, as one type of file or another. It is in no picture itself. */
export function SavePicture({ title, picture }: Props) {
  const id = useId();
  const save = (type: PictureType): void => {
    const shown = picture();
    if (!shown) return;
    savePicture(shown, type).catch(() => {
      notice.value = { ok: false, text: `The picture could not be made as ${type.toUpperCase()}.` };
    });
  };
  // Not a select: by keyboard, some systems take the first choice of those before one has seen the second.
  return (
    <span class="save-picture" data-unpictured>
      <button type="button" popovertarget={id} aria-label={`Save picture of ${title}`} title="Save picture">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 10.5v3h11v-3" />
        </svg>
      </button>
      <fieldset id={id} class="menu save-menu" popover="auto" aria-label={`Picture of ${title}`}>
        {TYPES.map((type) => (
          <button
            type="button"
            key={type}
            popovertarget={id}
            popovertargetaction="hide"
            onClick={() => save(type)}
          >{`as ${type.toUpperCase()}`}</button>
        ))}
      </fieldset>
    </span>
  );
}
