import { endOfClass } from './expression.ts';
import { type Pattern, QueryError } from './query.ts';

/** A part of a query's text, from `at` up to `end`. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: '(' | ')' | '-' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  /** A field's name and a colon; its value follows. */
  | { readonly kind: 'field'; readonly name: string }
);

const isBlank = (char: string | undefined): boolean => char === undefined || /\s/.test(char);
const FIELD = /[a-z]+:/iy;
const WORD = /[^\s()]+/y;
/** Of several values, one. A comma parts them. */
const VALUE = /[^\s(),]+/y;

/** The parts of a query's text. @throws QueryError */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let isValue = false;
  while (at < text.length) {
    const char = text[at] as string;
    if (isBlank(char)) {
      at++;
      isValue = false;
      continue;
    }
    const token: Token = isValue ? valueAt(text, at) : tokenAt(text, at);
    tokens.push(token);
    at = token.end;
    // After a value, a comma announces another.
    if (isValue && text[at] === ',') at++;
    else isValue = token.kind === 'field';
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const char = text[at] as string;
  if (char === '(' || char === ')') return { kind: char, at, end: at + 1 };
  if (char === '-' && !isBlank(text[at + 1])) return { kind: '-', at, end: at + 1 };
  if (char === '"' || char === '/') return valueAt(text, at);
  const field = match(FIELD, text, at);
  if (field !== undefined) return { kind: 'field', name: field.slice(0, -1).toLowerCase(), at, end: at + field.length };
  const word = match(WORD, text, at) as string;
  return { kind: 'word', text: word, at, end: at + word.length };
}

function valueAt(text: string, at: number): Token {
  const char = text[at];
  if (char === '"') return quoted(text, at);
  if (char === '/') return expression(text, at);
  if (char === '(' || char === ')') return { kind: char, at, end: at + 1 };
  const word = match(VALUE, text, at) ?? ',';
  return { kind: 'pattern', pattern: { kind: 'words', text: word }, at, end: at + word.length };
}

function quoted(text: string, at: number): Token {
  let value = '';
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '"') return { kind: 'pattern', pattern: { kind: 'quoted', text: value }, at, end: end + 1 };
    if (text[end] === '\\' && end + 1 < text.length) end++;
    value += text[end];
  }
  throw new QueryError('The quotation mark is not closed.', at, text.length);
}

function expression(text: string, at: number): Token {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '[') end = endOfClass(text, end);
    else if (text[end] === '/') {
      const after = end + (text[end + 1] === 'i' ? 2 : 1);
      return { kind: 'pattern', pattern: { kind: 'expression', source: text.slice(at + 1, end) }, at, end: after };
    }
  }
  throw new QueryError('The expression is not closed by a second /.', at, text.length);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
