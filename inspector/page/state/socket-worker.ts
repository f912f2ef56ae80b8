// A WebSocket's own thread: see `thread-socket.ts`.

const decoder = new TextDecoder();
let socket: WebSocket | undefined;

/** What the page tells its thread. */
export type ToThread =
  | { readonly type: 'open'; readonly url: string }
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'close' };

/** What the thread tells the page: a frame as text, or what became of the connection. */
export type FromThread = string | { readonly type: 'open' | 'close' };

const tell = (said: FromThread): void => self.postMessage(said);

self.onmessage = ({ data }: MessageEvent<ToThread>) => {
  switch (data.type) {
    case 'open':
      return open(data.url);
    case 'send':
      return socket?.send(data.text);
    case 'close':
      return socket?.close();
  }
};

function open(url: string): void {
  const opened = new WebSocket(url);
  socket = opened;
  opened.binaryType = 'arraybuffer';
  opened.onopen = () => tell({ type: 'open' });
  opened.onclose = () => tell({ type: 'close' });
  opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    tell(typeof data === 'string' ? data : decoder.decode(data));
}
