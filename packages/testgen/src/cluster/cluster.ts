import {
  type Address,
  assert,
  type CheckConfiguration,
  type Member,
  type NodeView,
  nodeOf,
  type Protocol,
  type Roles,
  type Specification,
  SynodError,
} from '@synod/protocol';

/** Who takes part in a test: a model's members in their roles. */
export interface Cluster {
  readonly roles: Roles;
  readonly configuration: CheckConfiguration;
}

/** Nodes of a simulation, unless told otherwise: enough for a majority without one of them. */
const USUAL_NODES = 3;

/** What is assumed of the network where a simulation, which has no model's bounds, is explored. */
const LOSSY = { order: 'unordered', lossy: true, capacity: 1 } as const;

/**
 * The members of a model or a simulation of a specification; a simulation has one client.
 * @param name of a model, else of a simulation.
 * @param nodes how many; default the model's own number, or three in a simulation.
 * @throws SynodError `MODEL_UNKNOWN`, `MODEL_SIZE`, `CLUSTER_SHARED_NODE`.
 */
export function clusterOf(specification: Specification, name: string, nodes?: number): Cluster {
  const configuration = configurationOf(specification, name, nodes);
  checkNodes(configuration.members);
  return { roles: specification.roles, configuration };
}

/**
 * How many nodes a model or a simulation has.
 * @throws SynodError `MODEL_UNKNOWN`, `MODEL_SIZE`.
 */
export function sizeOf(specification: Specification, name: string, nodes: number | undefined): number {
  const model = specification.models.find((each) => each.name === name);
  const found = model ?? specification.simulations.find((each) => each.name === name);
  if (!found) {
    const names = [...specification.models, ...specification.simulations].map((each) => each.name).join(', ');
    throw new SynodError('MODEL_UNKNOWN', `${specification.name} has no model "${name}"; choose among ${names}.`);
  }
  const { min, max, default: usual } = found.nodes;
  const count = nodes ?? (model ? usual : Math.min(max, Math.max(min, USUAL_NODES)));
  if (Number.isSafeInteger(count) && count >= min && count <= max) return count;
  const range = min === max ? `${min}` : `${min} to ${max}`;
  throw new SynodError('MODEL_SIZE', `"${name}" takes ${range} nodes, not ${count}; give another number.`);
}

function configurationOf(specification: Specification, name: string, nodes: number | undefined): CheckConfiguration {
  const count = sizeOf(specification, name, nodes);
  const model = specification.models.find((each) => each.name === name);
  if (model) return model.configure(count);
  const simulation = specification.simulations.find((each) => each.name === name);
  assert(simulation, 'what has a size is a model or a simulation');
  const clients = Math.max(simulation.clients.min, Math.min(simulation.clients.max, 1));
  const { members, properties, requests = [] } = simulation.configure({ nodes: count, clients });
  const ignored = specification.models.flatMap((each) => each.configure(each.nodes.default).ignored ?? []);
  return {
    members,
    properties,
    requests: requests.map(({ atMs: _, ...request }) => request),
    network: LOSSY,
    faults: { crashes: 1 },
    ignored: [...new Set(ignored)],
  };
}

/** Messages between two actors of a node pass no network, so nobody can hold or reorder them. */
function checkNodes(members: readonly Member[]): void {
  const first = new Map<string, Address>();
  for (const { address } of members) {
    const other = first.get(nodeOf(address));
    if (other !== undefined) {
      const text = `${other} and ${address} live on one node, so that no message between them passes a network; choose a model in which each has its own.`;
      throw new SynodError('CLUSTER_SHARED_NODE', text);
    }
    first.set(nodeOf(address), address);
  }
}

export const roleOf = ({ roles }: Cluster, member: Member): Protocol => roles[member.role] as Protocol;

/**
 * The input of a member's machine, beside what the host adds: of the model, with the seed of every model, so that what is drawn is what the
 * model's machines draw.
 */
export const inputOf = (member: Member): Readonly<Record<string, unknown>> => ({ seed: 1, ...member.input });

/** The names of the properties of kind `sometimes` that hold of these actors. */
export const holding = ({ configuration }: Cluster, views: readonly NodeView[]): readonly string[] =>
  configuration.properties
    .filter((property) => property.kind === 'sometimes' && property.holds(views))
    .map(({ name }) => name);

/** The timer of this name among those that are armed: by its delay's name, or by its whole id. */
export function timerNamed(name: string, armed: Iterable<string>): string | undefined {
  const all = [...armed];
  if (all.includes(name)) return name;
  const found = all.filter((id) => delayOf(id) === name);
  return found.length === 1 ? found[0] : undefined;
}

/** The shortest name by which an armed timer can be told from the others. */
export const nameOfTimer = (id: string, armed: Iterable<string>): string => {
  const delay = delayOf(id);
  return delay !== undefined && timerNamed(delay, armed) === id ? delay : id;
};

/** The delay's name in XState's id of an `after`. */
const delayOf = (id: string): string | undefined => /^xstate\.after\.([^.]+)\./.exec(id)?.[1];
