// The cases under tests/corpus through the built package: whole, cut in two at every byte, and a byte at a time.
// tests/corpus.rs runs the same files natively; tests/corpus/README.md tells their form. Those of schema/ have a form
// of their own: tests/schema.test.ts.
import { readdirSync, readFileSync } from "node:fs";
import {
  compile,
  type Format,
  formatTrip,
  type Output,
  type Policy,
  PolicyError,
  type Report,
  type Trip,
  type Weir,
} from "logweir";
import { describe, expect, test } from "vitest";
import { at, thrownBy } from "./pkg/tools.js";

type Text = string | { base64: string } | { repeat: Text; times: number } | Text[];

interface Case {
  about: string;
  policy: Policy | string;
  keys?: Record<string, string>;
  format?: Format;
  input: Text;
  expect: {
    routes: Record<string, Text>;
    report: { rules?: number[]; events?: object; findings?: object; [count: string]: unknown };
    quarantined?: { original?: Text; [part: string]: unknown }[];
    problems?: object[];
    warnings?: object[];
    drift?: object[];
    explain?: object[];
  };
}

/** Longest input that is cut at every byte; a longer one is cut at `places`. */
const everyByte = 2048;
const places = 200;

const only = process.env.LOGWEIR_CASE;
const folder = at("tests", "corpus");
// Cases of schemas and queries have a form and a runner of their own.
const rooms = readdirSync(folder, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && !["problems", "schema", "query", "template"].includes(entry.name),
);

for (const { name: room } of rooms) {
  const names = readdirSync(at("tests", "corpus", room)).map((file) => file.replace(/\.json$/, ""));
  describe(room, () => {
    for (const name of names.filter((each) => !only || only === `${room}/${each}`)) {
      test(name, () => hold(JSON.parse(readFileSync(`${folder}/${room}/${name}.json`, "utf8"))));
    }
  });
}

function hold({ policy, keys = {}, format = "auto", input, expect: wanted }: Case): void {
  if (wanted.problems) {
    const thrown = thrownBy(() => compile(policy, { keys }));
    expect(thrown).toBeInstanceOf(PolicyError);
    expect((thrown as PolicyError).problems).toMatchObject(wanted.problems);
    return;
  }
  const weir = compile(policy, { keys });
  if (wanted.warnings) expect(weir.warnings).toMatchObject(wanted.warnings);
  try {
    const bytes = bytesOf(input);
    const processed = weir.process(bytes, { format });
    const once = gather(weir, [processed], processed.report);
    expect(told(once)).toEqual(asTold(wanted));
    expect(once.report).toMatchObject(counts(wanted.report));
    for (const name of ["events", "findings"] as const)
      if (wanted.report[name])
        expect(Object.keys(once.report[name]).sort()).toEqual(Object.keys(wanted.report[name]).sort());
    if (wanted.drift) expect(weir.drift).toEqual(wanted.drift);
    if (wanted.explain) explained(weir.explain(bytes, { format }), wanted.explain);
    for (const [how, cuts] of waysToCut(bytes.length)) {
      // Told by hand, since a comparison of everything by `expect` takes its time.
      const again = inPieces(weir, bytes, cuts, format);
      if (JSON.stringify(again) !== JSON.stringify(once)) expect(again, how).toEqual(once);
    }
  } finally {
    weir.free();
  }
}

/** What a case leaves out of a trip does not matter. */
function explained(trips: readonly Trip[], wanted: readonly object[]): void {
  expect(trips).toMatchObject(wanted);
  // Nothing but what people can read in a few lines.
  for (const trip of trips) expect(formatTrip(trip)).toMatch(/^record \d+.*\n( {2}.*\n)*$/);
}

interface Gathered {
  bodies: string[];
  quarantined: object[];
  report: Report;
}

/** What the routes got, as Latin-1: any bytes, a character each. */
function gather(weir: Weir, parts: Output[], report: Report): Gathered {
  const bodies = weir.routes.map((route) =>
    parts.flatMap(({ batches }) => batches.filter((batch) => batch.route === route)),
  );
  const entries = parts.flatMap((part) => part.quarantined);
  return {
    bodies: bodies.map((batches) => batches.map(({ body }) => latin1(body)).join("")),
    quarantined: entries.map(({ expected: _, original, finding, ...entry }) => ({
      ...entry,
      ...(original && { original: latin1(original) }),
      ...(finding && { finding: { code: finding.code, instance: finding.instance } }),
    })),
    report,
  };
}

function inPieces(weir: Weir, bytes: Uint8Array, cuts: number[], format: Format): Gathered {
  const run = weir.run({ format });
  try {
    const outputs: Output[] = [];
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
      outputs.push(run.push(bytes.subarray(from, to)));
      from = to;
    }
    outputs.push(run.next(), run.finish());
    return gather(weir, outputs, run.report);
  } finally {
    run.free();
  }
}

function* waysToCut(length: number): Iterable<[string, number[]]> {
  const step = length <= everyByte ? 1 : Math.floor(length / places);
  for (let place = 0; place <= length; place += step) yield [`cut at byte ${place}`, [place]];
  yield ["in single bytes", Array.from({ length: Math.max(0, length - 1) }, (_, index) => index + 1)];
}

/** The exact part of what came out; the report may be told in part. */
const told = ({ bodies, quarantined }: Gathered) => ({ bodies, quarantined });

const asTold = ({ routes, quarantined = [] }: Case["expect"]) => ({
  bodies: Object.values(routes).map((text) => latin1(bytesOf(text))),
  quarantined: quarantined.map(({ original, ...entry }) =>
    original === undefined ? entry : { ...entry, original: latin1(bytesOf(original)) },
  ),
});

const counts = ({ rules, ...rest }: Case["expect"]["report"]) =>
  rules ? { ...rest, rules: rules.map((fired) => ({ fired })) } : rest;

const latin1 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

function bytesOf(text: Text): Uint8Array {
  if (typeof text === "string") return Buffer.from(text);
  if (Array.isArray(text)) return Buffer.concat(text.map(bytesOf));
  if ("base64" in text) return Buffer.from(text.base64, "base64");
  const part = bytesOf(text.repeat);
  return Buffer.concat(Array.from({ length: text.times }, () => part));
}
