import type { Address, Message } from '@synod/protocol';
import { filter, type Observable } from 'rxjs';
import type { AnyStateMachine, EmittedFrom, SnapshotFrom } from 'xstate';
import type { Cell } from './cell.ts';

/** A living actor, as its embedder holds it. */
export interface Actor<TMachine extends AnyStateMachine = AnyStateMachine> {
  readonly address: Address;
  /** The present snapshot, then each new one. A snapshot may be ahead of the disk; what an actor sends and emits never is. */
  readonly snapshots$: Observable<SnapshotFrom<TMachine>>;
  /** What the machine tells its embedder, each after the step it belongs to is durable. */
  readonly emitted$: Observable<EmittedFrom<TMachine>>;
  getSnapshot(): SnapshotFrom<TMachine>;
  /** Sends an event of the embedder, for example `client.propose`; `from` is the node's `system` address. */
  send(event: Message): void;
  /** Ends the actor in good order. */
  stop(): Promise<void>;
}

/** The handle on a cell. */
export function actorHandle<TMachine extends AnyStateMachine>(
  cell: Cell,
  { send, stop }: Pick<Actor, 'send' | 'stop'>,
): Actor<TMachine> {
  return {
    address: cell.address,
    snapshots$: cell.snapshot$.pipe(filter((snapshot) => snapshot !== undefined)) as Observable<SnapshotFrom<TMachine>>,
    emitted$: cell.emitted$.asObservable() as Observable<unknown> as Observable<EmittedFrom<TMachine>>,
    getSnapshot: () => cell.snapshot$.value as SnapshotFrom<TMachine>,
    send,
    stop,
  };
}
