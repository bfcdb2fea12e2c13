// Places in a text: the core counts bytes of UTF-8, JavaScript UTF-16 units.

const encoder = new TextEncoder();

/** What tells the unit at which a byte of the text begins. */
export function toUnits(text: string): (byte: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, control characters included
  if (/^[\x00-\x7f]*$/.test(text)) return (byte) => byte;
  const units: number[] = [];
  let unit = 0;
  for (const character of text) {
    const bytes = encoder.encode(character).length;
    for (let byte = 0; byte < bytes; byte += 1) units.push(unit);
    unit += character.length;
  }
  return (byte) => units[byte] ?? unit;
}

/** The byte at which a unit of the text stands; between the halves of a pair, the byte before it. */
export function toByte(text: string, unit: number): number {
  const before = text.slice(0, unit);
  return encoder.encode(/[\ud800-\udbff]$/.test(before) ? before.slice(0, -1) : before).length;
}
