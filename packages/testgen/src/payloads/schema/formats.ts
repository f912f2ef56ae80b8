import fc from 'fast-check';

const day = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('2099-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const iso = day.map((date) => date.toISOString());

/** Texts of a JSON Schema format; undefined for a format that is not known. */
export function formatted(format: string): fc.Arbitrary<unknown> | undefined {
  switch (format) {
    case 'email':
    case 'idn-email':
      return fc.oneof(fc.constant('a@example.com'), fc.constant('b@example.com'));
    case 'uri':
    case 'url':
    case 'iri':
    case 'uri-reference':
      return fc.oneof(fc.constant('https://example.com'), fc.webUrl());
    case 'uuid':
      return fc.uuid({ version: 4 });
    case 'date':
      return iso.map((text) => text.slice(0, 10));
    case 'time':
      return iso.map((text) => text.slice(11));
    case 'date-time':
      return iso;
    case 'ipv4':
      return fc.ipV4();
    case 'ipv6':
      return fc.ipV6();
    case 'hostname':
    case 'idn-hostname':
      return fc.domain();
    case 'duration':
      return fc.constantFrom('PT1S', 'P1D', 'PT0S');
    case 'byte':
    case 'base64':
      return fc.base64String();
    default:
      return undefined;
  }
}
