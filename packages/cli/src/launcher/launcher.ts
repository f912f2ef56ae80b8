import { type Controls, type InspectorServer, startInspector } from '@synod/inspector';
import { isSynodError, type LinkFault, SynodError } from '@synod/protocol';
import { portInUse } from '../options.ts';
import { type ControlServer, serveControl } from './control.ts';
import type { ClusterKind, ManagedCluster } from './managed-cluster.ts';
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

export interface LauncherOptions<T extends ManagedCluster> {
  readonly kind: ClusterKind<T>;
  readonly nodes: number;
  readonly cluster: string;
  readonly directory: string;
  readonly host: string;
  /** The inspector's port, the nodes' ports follow; 0: all chosen by the system. */
  readonly port: number;
  readonly inspector: boolean;
  /** A directory for the traces of the nodes. */
  readonly traces?: string | undefined;
  /** A line for the person who watches. */
  readonly tell: (text: string) => void;
  /** Somebody asked for the end. */
  readonly ended: () => void;
}

/** A cluster and what goes with it: its inspector, its control endpoint, its state file. */
export class Launcher<T extends ManagedCluster> {
  readonly #options: LauncherOptions<T>;
  #starting: Promise<T> | undefined;
  #cluster: T | undefined;
  #inspector: InspectorServer | undefined;
  #control: ControlServer | undefined;
  #ownsDirectory = false;
  #stopping = false;

  constructor(options: LauncherOptions<T>) {
    this.#options = options;
  }

  /** An address that opens the inspector once, to act unless it is to look on only; null without inspector. */
  inspectorUrl(permission: { readonly faults: boolean } = { faults: true }): string | null {
    return this.#inspector?.newUrl(permission) ?? null;
  }

  /**
   * Starts everything. When it rejects, as it does after `stop`, `stop` takes back what was begun.
   * @throws SynodError `CLUSTER_RUNNING`, what the data directory is refused for, `PORT_IN_USE`, or why the cluster does not start.
   */
  start(): Promise<T> {
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

  async #start(): Promise<T> {
    const { kind, nodes, cluster: name, directory, host, port } = this.#options;
    const config = { version: 1, cluster: name, nodes } as const;
    if (await findRunning(directory)) throw running(directory);
    await checkDirectory(directory, config);
    if (this.#options.inspector) this.#inspector = await this.#startInspector(host, port);
    const cluster = this.#newCluster();
    this.#cluster = cluster;
    this.#control = await this.#serveControl(cluster);
    const { url, token } = this.#control;
    const state = { version: 1, kind: kind.name, cluster: name, pid: process.pid, control: { url, token } } as const;
    await claim(directory, { ...state, apis: {} });
    this.#ownsDirectory = true;
    if (kind.isDurable) await writeConfig(directory, config);
    if (this.#stopping) throw new SynodError('CLUSTER_STOPPING', 'The cluster was stopped while it started.');
    const kept = kind.isDurable ? `; data in ${directory}` : '';
    this.#options.tell(`starting ${nodes} ${nodes === 1 ? 'node' : 'nodes'}${kept}`);
    await cluster.start();
    await writeState(directory, { ...state, apis: cluster.apis });
    return cluster;
  }

  async #startInspector(host: string, port: number): Promise<InspectorServer> {
    const disturb = async (fault: LinkFault) => this.#cluster?.disturb(fault);
    const controls: Controls = {
      kill: async (node) => this.#cluster?.kill(node),
      restart: async (node) => this.#cluster?.restart(node),
      pause: async (node) => this.#cluster?.pause(node),
      resume: async (node) => this.#cluster?.resume(node),
      partition: async (groups) => this.#cluster?.partition(groups),
      heal: async () => this.#cluster?.heal(),
      drop: disturb,
      delay: disturb,
      duplicate: disturb,
      skew: async (node, skew) => this.#cluster?.skew(node, skew),
      clear: async () => this.#cluster?.clear(),
    };
    try {
      return await startInspector({ host, port, controls });
    } catch (error) {
      throw isSynodError(error, 'PORT_IN_USE') ? portInUse(port, 'the inspector', error) : error;
    }
  }

  #newCluster(): T {
    const { kind, port, nodes, cluster: name, directory, host, tell, traces } = this.#options;
    const inspector = this.#inspector;
    const cluster = kind.create({
      nodes,
      cluster: name,
      directory,
      host,
      tell,
      traces,
      firstPort: port === 0 ? 0 : port + 1,
      inspector: inspector && { url: inspector.publishUrl, token: inspector.publisherToken },
      changed: () => inspector?.showFaults(cluster.faults),
    });
    return cluster;
  }

  #serveControl(cluster: T): Promise<ControlServer> {
    return serveControl({
      cluster,
      inspectorUrl: (permission) => this.inspectorUrl(permission),
      told: (nodes, text) => this.#inspector?.note(nodes, `${text} by a person at the command line`),
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
