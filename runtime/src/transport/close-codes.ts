/** WebSocket close codes, 4000 to 4999, by the code of the error. The reason of the close frame is the error's code. */
const CLOSE_CODES: Readonly<Record<string, number>> = {
  NODE_STOPPED: 4000,
  HANDSHAKE_CLUSTER: 4001,
  HANDSHAKE_VERSION: 4002,
  HANDSHAKE_OWN_NODE: 4003,
  HANDSHAKE_NODE: 4004,
  HANDSHAKE_DUPLICATE: 4005,
  HANDSHAKE_TIMEOUT: 4006,
  HANDSHAKE_EXPECTED: 4007,
  HANDSHAKE_REPEATED: 4008,
  HANDSHAKE_BUSY: 4009,
  CONNECTION_IDLE: 4010,
  FRAME_MALFORMED: 4020,
  FRAME_VERSION: 4021,
  FRAME_UNKNOWN: 4022,
  FRAME_TOO_LARGE: 4023,
  FRAME_TEXT: 4024,
  FRAME_FORGED: 4025,
};

const CODES = new Map(Object.entries(CLOSE_CODES).map(([code, number]) => [number, code]));
// What ws itself says when a frame is too large or no WebSocket frame at all.
CODES.set(1009, 'FRAME_TOO_LARGE');
CODES.set(1002, 'FRAME_MALFORMED');
CODES.set(1007, 'FRAME_MALFORMED');

/** The number for an error's code. */
export const closeCode = (code: string): number => CLOSE_CODES[code] ?? 4099;

/** The error's code for the number the other side closed with; its reason is not looked at, for anybody may write it. */
export const codeOfClose = (number: number): string => CODES.get(number) ?? 'CONNECTION_LOST';
