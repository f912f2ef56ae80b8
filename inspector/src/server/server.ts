import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Address, assert, SynodError } from '@synod/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EventObject } from 'xstate';
import { type Deliver, Receivers, refused } from '../receivers/receivers.ts';
import { type Control, type Faults, noFaults } from '../world/controls.ts';
import type { World } from '../world/world.ts';
import { Access, cookie, isOurHost, isOurOrigin, type Permission } from './access.ts';
import { type Controls, controlsOf } from './controls.ts';
import { cookieName, plain, servePage } from './http.ts';
import { Hub, remark } from './hub.ts';
import type { Lab } from './lab.ts';
import { type PageFile, readPage } from './page-files.ts';
import { acceptPage } from './pages.ts';
import { Publishers } from './publishers.ts';
import type { Recording } from './recording.ts';
import { Recordings } from './recordings.ts';
import { StatelyApps } from './stately.ts';
import { acceptViewer } from './viewers.ts';

export interface InspectorOptions {
  /** Default 127.0.0.1: reachable from this machine only. */
  readonly host?: string;
  /** Default 0: chosen by the system. */
  readonly port?: number;
  /** What a page may do to nodes that was opened with `newUrl({ faults: true })`. Default: nothing. */
  readonly controls?: Controls;
  /** Records kept for pages that open later. Default 2,000. */
  readonly maxRecords?: number;
  /** What publishers prove themselves with. Default: drawn anew; give one to let them come back to an inspector that is started again. */
  readonly publisherToken?: string;
  /** What apps prove themselves with. Default: drawn anew; give one to let their addresses stay as they are. */
  readonly appToken?: string;
  /** What receivers of `@xstate/inspect` prove themselves with. Default: drawn anew. */
  readonly receiverToken?: string;
  /**
   * Delivers an event that a person sends to an actor at a receiver of `@xstate/inspect`. Default: only apps that say `acceptEvents` get any.
   * Throws, or rejects with, a coded error when it cannot.
   */
  readonly deliver?: Deliver;
  /**
   * Whether systems tell of themselves also while nobody looks on: pages that open later are then told what was before, and `world` is the
   * present. Default false: a system that nobody watches makes no records.
   */
  readonly background?: boolean;
  /** Shows a run that is over, and nothing live: no process may publish. */
  readonly recording?: Recording;
  /** Lets a person go on from the recording, which is the lab's first run. */
  readonly lab?: Lab;
  /** Where the built page is. Default: the one of this package. */
  readonly pageDirectory?: string;
}

/** Collects the traces of processes and serves the page that shows them. */
export interface InspectorServer {
  readonly host: string;
  readonly port: number;
  /** Where a process publishes, with `publisherToken`. */
  readonly publishUrl: string;
  /** What `publishTrace` needs; hand it to processes by their environment, never on a command line. */
  readonly publisherToken: string;
  /** Where a plain XState app publishes by `createSynodInspector`: an address with a token that only lets one publish. */
  readonly appUrl: string;
  /** Where an app publishes by `createWebSocketInspector` of `@statelyai/inspect`. `&name=…` behind it names the app in the page. */
  readonly statelyUrl: string;
  /**
   * What `createWebSocketReceiver` of `@xstate/inspect` takes as its `server`, with a token. It shows all that the page shows, and lets one send
   * events to those actors that take them.
   */
  readonly receiverServer: string;
  /** All nodes as they were told of last; empty while a recording is shown. */
  readonly world: World;
  /**
   * An address of the page with a token that opens it once: to look on or, with `faults`, to act on the nodes as `controls` allow, which
   * is for those alone who may break what runs. The browser keeps the permission until the inspector stops.
   */
  newUrl(permission?: Partial<Permission>): string;
  /** Shows what is done to the nodes, from now on: who is paused, who cannot reach whom, what lies on links and clocks. */
  showFaults(faults: Partial<Faults>): void;
  /** Adds a remark to the trace of some nodes as the page gets it, such as what was done to them, and by whom. */
  note(nodes: readonly string[], text: string, code?: string): void;
  /** Closes all connections. Idempotent. */
  stop(): Promise<void>;
}

/** How often a page gets what happened, in milliseconds. */
const FLUSH_MS = 50;
/** How long systems go on to tell of themselves when the last page has left, in milliseconds. */
const LEAVE_MS = 2_000;
const MAX_TRACE_FRAME_BYTES = 4 * 1024 * 1024;
const MAX_PAGE_FRAME_BYTES = 16 * 1024;
/** An app's snapshot comes whole. */
const MAX_STATELY_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * Starts an inspector.
 * @throws SynodError `PORT_IN_USE`, or `LISTEN_FAILED` when the address cannot be used.
 */
export async function startInspector(options: InspectorOptions = {}): Promise<InspectorServer> {
  const { port = 0, pageDirectory = PAGE } = options;
  const inspector = new Inspector(await readPage(pageDirectory), options);
  await inspector.listen(port);
  return inspector;
}

const PAGE = fileURLToPath(new URL('../../dist/page', import.meta.url));

class Inspector implements InspectorServer {
  readonly host: string;
  readonly #access: Access;
  readonly #hub: Hub;
  readonly #publishers: Publishers;
  readonly #stately: StatelyApps;
  readonly #receivers: Receivers;
  readonly #deliver: Deliver | undefined;
  readonly #controls: Controls | undefined;
  readonly #recording: Recording | undefined;
  readonly #lab: Lab | undefined;
  readonly #recordings = new Recordings();
  readonly #http: Server;
  readonly #traces = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_TRACE_FRAME_BYTES,
    perMessageDeflate: false,
  });
  readonly #apps = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_STATELY_FRAME_BYTES,
    perMessageDeflate: false,
  });
  readonly #pages = new WebSocketServer({ noServer: true, maxPayload: MAX_PAGE_FRAME_BYTES, perMessageDeflate: false });
  #flushing: NodeJS.Timeout | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(files: ReadonlyMap<string, PageFile>, options: InspectorOptions) {
    const { host = '127.0.0.1', maxRecords = 2_000, controls, recording, lab, background = false } = options;
    assert(!lab || recording, 'a lab goes on from a recording');
    this.#access = new Access(options);
    this.host = host;
    this.#controls = controls;
    this.#recording = recording;
    this.#lab = lab;
    const offered: readonly Control[] = controlsOf(controls);
    this.#hub = new Hub({
      maxRecords,
      controls: offered,
      background,
      watched: (isWatched) => this.#watched(isWatched),
    });
    this.#publishers = new Publishers(this.#hub);
    this.#stately = new StatelyApps(this.#hub);
    this.#deliver = options.deliver;
    this.#receivers = new Receivers(this.#hub, (actor, event) => this.#sendEvent(actor, event));
    this.#http = createServer((request, response) => {
      if (!isOurHost(request, host, this.port))
        return plain(response, 421, 'HOST_REFUSED: this server has no such name.');
      servePage(request, response, { access: this.#access, files, recordings: this.#recordings, port: this.port });
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    const address = this.#http.address();
    assert(address !== null && typeof address === 'object', 'the inspector is listening');
    return (address as AddressInfo).port;
  }

  get publishUrl(): string {
    return `ws://${this.#authority}/publish`;
  }

  get publisherToken(): string {
    return this.#access.publisherToken;
  }

  get receiverServer(): string {
    return `${this.#authority}/xstate-inspect?token=${this.#access.receiverToken}`;
  }

  get appUrl(): string {
    return `${this.publishUrl}?token=${this.#access.appToken}`;
  }

  get statelyUrl(): string {
    return `ws://${this.#authority}/stately?token=${this.#access.appToken}`;
  }

  get world(): World {
    return this.#hub.world;
  }

  newUrl({ faults = false }: Partial<Permission> = {}): string {
    return `http://${this.#authority}/?token=${this.#access.newToken({ faults })}`;
  }

  showFaults(faults: Partial<Faults>): void {
    this.#hub.faults({ ...noFaults, ...faults });
  }

  note(nodes: readonly string[], text: string, code = 'CONTROL'): void {
    for (const node of nodes) this.#hub.note(remark(node, code, text));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, this.host, port)));
      this.#http.listen(port, this.host, resolve);
    });
    this.#flushing = setInterval(() => {
      this.#hub.flush();
      this.#receivers.flush();
    }, FLUSH_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#flushing);
    clearTimeout(this.#leaving);
    if (!this.#http.listening) return;
    for (const socket of [...this.#traces.clients, ...this.#apps.clients, ...this.#pages.clients]) socket.terminate();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  /** Pages that are loaded anew leave and come back; the systems are not bothered with that. */
  #watched(isWatched: boolean): void {
    clearTimeout(this.#leaving);
    if (isWatched) this.#publishers.watched(true);
    else this.#leaving = setTimeout(() => this.#publishers.watched(false), LEAVE_MS).unref();
  }

  get #authority(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  async #sendEvent(actor: Address, event: EventObject): Promise<void> {
    if (this.#publishers.deliver(actor, event)) return;
    if (!this.#deliver) throw refused(actor);
    await this.#deliver(actor, event);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://inspector');
    const accept = (server: WebSocketServer, then: (accepted: WebSocket) => void) =>
      server.handleUpgrade(request, socket, head, (accepted) => {
        accepted.on('error', () => accepted.terminate());
        then(accepted);
      });
    if (!isOurHost(request, this.host, this.port)) return refuse(socket, '421 Misdirected Request');
    if (pathname === '/publish' && !this.#recording) {
      const isApp = this.#access.isApp(searchParams.get('token'));
      // A browser says where it comes from: of those, only an app that knows its token may publish.
      if (request.headers.origin !== undefined && !isApp) return refuse(socket, '403 Forbidden');
      if (!isApp && !this.#access.isPublisher(request.headers.authorization)) return refuse(socket, '401 Unauthorized');
      return accept(this.#traces, (accepted) => this.#publishers.accept(accepted, isApp));
    }
    if (pathname === '/stately' && !this.#recording) {
      if (!this.#access.isApp(searchParams.get('token'))) return refuse(socket, '401 Unauthorized');
      return accept(this.#apps, (accepted) => this.#stately.accept(accepted, searchParams.get('name')));
    }
    if (pathname === '/xstate-inspect' && !this.#recording) {
      if (!this.#access.isReceiver(searchParams.get('token'))) return refuse(socket, '401 Unauthorized');
      return accept(this.#pages, (accepted) => this.#receivers.accept(accepted));
    }
    if (pathname !== '/watch') return refuse(socket, '404 Not Found');
    if (!isOurOrigin(request)) return refuse(socket, '403 Forbidden');
    const session = this.#access.session(cookie(request, cookieName(this.port)));
    if (!session) return refuse(socket, '401 Unauthorized');
    const recording = this.#recording;
    accept(this.#pages, (accepted) => {
      if (!recording) return acceptPage(accepted, this.#hub, this.#controls, session.faults);
      acceptViewer(accepted, recording, { recordings: this.#recordings, lab: this.#lab });
    });
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SynodError {
  if (error.code === 'EADDRINUSE') {
    return new SynodError(
      'PORT_IN_USE',
      `Port ${port} on ${host} is in use; choose another for the inspector, or 0 for any.`,
      { cause: error },
    );
  }
  return new SynodError(
    'LISTEN_FAILED',
    `The inspector cannot listen on ${host}:${port} (${error.code}); choose another address.`,
    { cause: error },
  );
}
