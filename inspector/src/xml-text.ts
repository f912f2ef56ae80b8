// Text as XML 1.0 wants it.

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that no XML document may hold, not even escaped. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** With a replacement character where there is one that XML does not know. */
export const knownToXml = (text: string): string => text.replace(FORBIDDEN, '\ufffd');

/** Any text between tags. */
export const xmlText = (text: string): string =>
  knownToXml(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** Any text as the value of an attribute in double quotes; line ends and tabs survive. */
export const xmlValue = (text: string): string =>
  xmlText(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
