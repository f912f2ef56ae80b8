/** A command's number in its session, and up to where the session needs no answers any more. */
export interface RequestNumber {
  readonly sequenceNum: number;
  /** Every command with a lower number is answered or given up. */
  readonly answeredBelow: number;
}

/** One client's session (dissertation §6.3): numbers its commands, of which several may be under way at once. */
export class ClientSession {
  readonly clientId: number;
  #next = 1;
  // A Set iterates in the order of insertion, which is that of the numbers: its first is the lowest.
  readonly #unanswered = new Set<number>();

  constructor(clientId: number) {
    this.clientId = clientId;
  }

  /** The number of a new command. */
  begin(): RequestNumber {
    const sequenceNum = this.#next++;
    this.#unanswered.add(sequenceNum);
    const [answeredBelow = sequenceNum] = this.#unanswered;
    return { sequenceNum, answeredBelow };
  }

  /** The command is answered, or nobody will ask for its answer again. */
  end(sequenceNum: number): void {
    this.#unanswered.delete(sequenceNum);
  }
}
