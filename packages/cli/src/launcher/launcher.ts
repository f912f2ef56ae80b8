import { type InspectorServer, startInspector } from '@synod/inspector';
import { isSynodError, SynodError } from '@synod/protocol';
import { portInUse } from '../options.ts';
import { Cluster } from './cluster.ts';
import { type ControlServer, serveControl } from './control.ts';
import { findRunning } from './running.ts';
import {
  type ClusterState,
  checkDirectory,
  createState,
  readState,
  removeState,
  writeConfig,
  writeState,
} from './state-file.ts';

export interface LauncherOptions {
  readonly nodes: number;
  readonly cluster: string;
  readonly directory: string;
  readonly host: string;
  /** The inspector's port, the nodes' APIs follow; 0: all chosen by the system. */
  readonly port: number;
  readonly inspector: boolean;
  /** A line for the person who watches. */
  readonly tell: (text: string) => void;
  /** Somebody asked for the end. */
  readonly ended: () => void;
}

/** A cluster and what goes with it: its inspector, its control endpoint, its state file. */
export class Launcher {
  readonly #options: LauncherOptions;
  #starting: Promise<Cluster> | undefined;
  #cluster: Cluster | undefined;
  #inspector: InspectorServer | undefined;
  #control: ControlServer | undefined;
  #ownsDirectory = false;
  #stopping = false;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** An address that opens the inspector once; null without inspector. */
  inspectorUrl(): string | null {
    return this.#inspector?.newUrl() ?? null;
  }

  /**
   * Starts everything. When it rejects, as it does after `stop`, `stop` takes back what was begun.
   * @throws SynodError `CLUSTER_RUNNING`, what the data directory is refused for, `PORT_IN_USE`, or why a majority did not start.
   */
  start(): Promise<Cluster> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#cluster?.stop();
    await this.#starting?.catch(() => {});
    await this.#cluster?.stop();
    await this.#inspector?.stop();
    if (this.#ownsDirectory) await removeState(this.#options.directory);
    await this.#control?.close();
  }

  /** Ends the nodes' processes at once. */
  kill(): void {
    this.#cluster?.killAll();
  }

  async #start(): Promise<Cluster> {
    const { nodes, cluster: name, directory, host, port } = this.#options;
    const config = { version: 1, cluster: name, nodes } as const;
    if (await findRunning(directory)) throw running(directory);
    await checkDirectory(directory, config);
    if (this.#options.inspector) this.#inspector = await this.#startInspector(host, port);
    const cluster = this.#newCluster();
    this.#cluster = cluster;
    this.#control = await this.#serveControl(cluster);
    const { url, token } = this.#control;
    const state = { version: 1, cluster: name, pid: process.pid, control: { url, token }, apis: {} } as const;
    await claim(directory, state);
    this.#ownsDirectory = true;
    await writeConfig(directory, config);
    if (this.#stopping) throw new SynodError('CLUSTER_STOPPING', 'The cluster was stopped while it started.');
    this.#options.tell(`starting ${nodes} ${nodes === 1 ? 'node' : 'nodes'}; data in ${directory}`);
    await cluster.start();
    await writeState(directory, { ...state, apis: cluster.apis });
    return cluster;
  }

  async #startInspector(host: string, port: number): Promise<InspectorServer> {
    const controls = {
      kill: async (node: string) => this.#cluster?.kill(node),
      restart: async (node: string) => this.#cluster?.restart(node),
    };
    try {
      return await startInspector({ host, port, controls });
    } catch (error) {
      throw isSynodError(error, 'PORT_IN_USE') ? portInUse(port, 'the inspector', error) : error;
    }
  }

  #newCluster(): Cluster {
    const { port, tell, ...options } = this.#options;
    const inspector = this.#inspector;
    return new Cluster({
      ...options,
      tell,
      firstApiPort: port === 0 ? 0 : port + 1,
      inspector: inspector && { url: inspector.publishUrl, token: inspector.publisherToken },
    });
  }

  #serveControl(cluster: Cluster): Promise<ControlServer> {
    return serveControl({
      nodes: () => cluster.info,
      kill: (node) => cluster.kill(node),
      restart: (node) => cluster.restart(node),
      inspectorUrl: () => this.inspectorUrl(),
      stop: this.#options.ended,
    });
  }
}

/** Makes the directory ours for as long as we run; what a killed launcher left gives way. */
async function claim(directory: string, state: ClusterState): Promise<void> {
  if (await createState(directory, state)) return;
  if (await findRunning(directory)) throw running(directory);
  const left = await readState(directory);
  if (left) await removeState(directory);
  if (!(await createState(directory, state))) throw running(directory);
}

const running = (directory: string): SynodError =>
  new SynodError(
    'CLUSTER_RUNNING',
    `A cluster runs on ${directory} already; end it with "synod stop", or choose another directory with --data.`,
  );
