import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The first `bytes` of a text's SHA-256, as lower-case hexadecimal digits: an id that is the same whenever it is made anew. */
export const hexId = (text: string, bytes: number): string => bytesToHex(sha256(utf8ToBytes(text)).subarray(0, bytes));

/** A number below 2⁵² for a text, the same whenever it is made anew. */
export const numberId = (text: string): number => Number.parseInt(hexId(text, 7).slice(0, 13), 16);
