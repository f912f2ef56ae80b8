/** Where a machine, or a part of it, is described: a link where it is an address of the web, else text. */
export function Source({ source }: { source: unknown }) {
  if (typeof source !== 'string') return null;
  if (!/^https?:\/\//.test(source)) return <p class="source">{source}</p>;
  return (
    <p class="source">
      <a href={source} target="_blank" rel="noopener noreferrer">
        {source}
      </a>
    </p>
  );
}
