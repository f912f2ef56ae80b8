/** The node in an address `actor@node`; the empty text where there is none. */
export function nodeOf(address: string): string {
  const at = address.indexOf('@');
  return at < 0 ? '' : address.slice(at + 1);
}
