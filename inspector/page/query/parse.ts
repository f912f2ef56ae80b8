import { complaintOf } from './expression.ts';
import { FIELDS, isField } from './fields.ts';
import { COMPARISONS, type Comparison, type Pattern, type Query, QueryError } from './query.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Brackets and `not`s within each other at most. */
const MAX_DEPTH = 50;
/** Characters of a query at most. */
const MAX_LENGTH = 2_000;

/** What a text asks for; undefined where it is empty, and everything is wanted. @throws QueryError */
export function parseQuery(text: string): Query | undefined {
  if (text.length > MAX_LENGTH)
    throw new QueryError(`A query has ${MAX_LENGTH} characters at most.`, MAX_LENGTH, text.length);
  const tokens = tokensOf(text);
  return tokens.length === 0 ? undefined : new Parser(tokens, text.length).whole();
}

/** any := all ('or' all)* · all := one (['and'] one)* · one := ('not' | '-') one | '(' any ')' | term */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Query {
    const query = this.#any();
    const rest = this.#tokens[this.#next];
    if (rest) throw new QueryError('There is no bracket for this one to close.', rest.at, rest.end);
    return query;
  }

  #any(): Query {
    const parts = [this.#all()];
    while (this.#takes('or')) parts.push(this.#all());
    return joined('or', parts);
  }

  #all(): Query {
    const parts = [this.#one()];
    for (;;) {
      if (this.#takes('and')) parts.push(this.#one());
      else if (this.#atEnd()) return joined('and', parts);
      else parts.push(this.#one());
    }
  }

  #atEnd(): boolean {
    const token = this.#tokens[this.#next];
    return !token || token.kind === ')' || isWord(token, 'or');
  }

  #one(): Query {
    if (++this.#depth > MAX_DEPTH) throw this.#wrong(`Nothing may be nested deeper than ${MAX_DEPTH} times.`);
    const query = this.#bare();
    this.#depth--;
    return query;
  }

  #bare(): Query {
    const token = this.#tokens[this.#next];
    if (!token || token.kind === ')' || isWord(token, 'or') || isWord(token, 'and')) throw this.#missing();
    this.#next++;
    if (token.kind === '-' || isWord(token, 'not')) return { kind: 'not', part: this.#one() };
    if (token.kind === 'field') return this.#field(token);
    if (token.kind === 'pattern') return { kind: 'field', field: 'text', any: [checked(token)] };
    return token.kind === 'word' ? termOf(token.text, token) : this.#bracket(token);
  }

  #bracket(open: Token): Query {
    const query = this.#any();
    if (this.#tokens[this.#next]?.kind !== ')') throw new QueryError('The bracket is not closed.', open.at, open.end);
    this.#next++;
    return query;
  }

  #field(token: Token & { readonly kind: 'field' }): Query {
    if (!isField(token.name)) {
      const names = Object.keys(FIELDS).join(', ');
      const hint = 'Text with a colon stands in quotes';
      throw new QueryError(`There is no "${token.name}:"; there are ${names}. ${hint}.`, token.at, token.end);
    }
    const any: Pattern[] = [];
    for (let end = token.end; ; ) {
      const value = this.#tokens[this.#next];
      // Of several, a comma stands between them, and nothing else.
      if (value?.kind !== 'pattern' || value.at > end + (any.length > 0 ? 1 : 0)) break;
      if (any.length > 0 && value.at === end) break;
      any.push(checked(value));
      end = value.end;
      this.#next++;
    }
    if (any.length === 0) throw new QueryError(`After "${token.name}:" a value is missing.`, token.at, token.end);
    return { kind: 'field', field: token.name, any };
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (!token || !isWord(token, word)) return false;
    this.#next++;
    return true;
  }

  #missing(): QueryError {
    const before = this.#tokens[this.#next - 1];
    if (before?.kind === '(') return this.#wrong('The bracket is empty.');
    return this.#wrong(before ? `After "${wordOf(before)}" something is missing.` : 'Something is missing here.');
  }

  #wrong(message: string): QueryError {
    const token = this.#tokens[this.#next];
    return new QueryError(message, token?.at ?? this.#end, token?.end ?? this.#end);
  }
}

const joined = (kind: 'and' | 'or', parts: readonly Query[]): Query =>
  parts.length === 1 ? (parts[0] as Query) : { kind, parts };

const isWord = (token: Token, word: string): boolean => token.kind === 'word' && token.text.toLowerCase() === word;

const wordOf = (token: Token): string => (token.kind === 'word' ? token.text : token.kind);

function checked({ pattern, at, end }: Token & { readonly kind: 'pattern' }): Pattern {
  const complaint = pattern.kind === 'expression' ? complaintOf(pattern.source) : undefined;
  if (complaint !== undefined) throw new QueryError(`The expression cannot be used: ${complaint}.`, at, end);
  return pattern;
}

/** Milliseconds in each unit of time. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** A word by itself: a time, a range of places, or text. */
function termOf(text: string, { at, end }: Token): Query {
  const time = /^at(<=|>=|<|>|=)(.*)$/i.exec(text);
  if (time) {
    const value = /^(-?\d+(?:\.\d+)?)(us|µs|ms|s|m|h|)$/i.exec(time[2] as string);
    if (!value) throw new QueryError('A time is a number with ms, s, m, h or us: at>1200, at<1.5s.', at, end);
    const unit = UNITS[(value[2] as string).toLowerCase()] as number;
    return { kind: 'at', comparison: comparison(time[1] as string), ms: Number(value[1]) * unit };
  }
  if (text.startsWith('#')) return rangeOf(text, at, end);
  return { kind: 'field', field: 'text', any: [{ kind: 'words', text }] };
}

const comparison = (text: string): Comparison => COMPARISONS.find((each) => each === text) ?? '=';

/** Places are counted from 1, as the page shows them. */
function rangeOf(text: string, at: number, end: number): Query {
  const range = /^#(\d*)(\.\.)?(\d*)$/.exec(text);
  const [, low = '', dots, high = ''] = range ?? [];
  if (!range || (low === '' && high === ''))
    throw new QueryError('A range is #100, #100..200, #100.. or #..200.', at, end);
  const from = low === '' ? 0 : Number(low) - 1;
  const to = high !== '' ? Number(high) - 1 : dots ? Number.MAX_SAFE_INTEGER : from;
  return { kind: 'range', from, to };
}
