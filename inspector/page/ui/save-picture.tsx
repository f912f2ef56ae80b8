import { type Picture, type PictureType, savePicture } from '../pictures/picture.ts';
import { notice } from '../state/store.ts';

interface Props {
  /** What it is a picture of, in a word. */
  readonly title: string;
  /** What to save, asked for when a person asks. */
  readonly picture: () => Picture | undefined;
}

/** Saves a picture, as one type of file or another. It is in no picture itself. */
export function SavePicture({ title, picture }: Props) {
  const save = (type: PictureType): void => {
    const shown = picture();
    if (!shown) return;
    savePicture(shown, type).catch(() => {
      notice.value = { ok: false, text: `The picture could not be made as ${type.toUpperCase()}.` };
    });
  };
  return (
    <select
      class="save-picture"
      data-unpictured
      aria-label={`Save picture of ${title}`}
      title="Save picture"
      value=""
      onChange={({ currentTarget }) => {
        const type = currentTarget.value as PictureType;
        currentTarget.value = '';
        save(type);
      }}
    >
      <option value="" hidden>
        Save
      </option>
      <option value="svg">as SVG</option>
      <option value="png">as PNG</option>
    </select>
  );
}
