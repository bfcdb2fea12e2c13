// The laws of Logweir as properties, through the built package. A failure prints its seed; LOGWEIR_SEED replays it,
// LOGWEIR_RUNS sets how many cases each property tries.
import fc from "fast-check";
import { compile, type Format, type Output, type Policy, type Processed } from "logweir";
import { describe, expect, test } from "vitest";
import { brokenLine, cutAt, cuts, damaged, isJson, jsonText, seed } from "./arbitrary.js";
import { bodyOf, streamOf, textOf, utf8 } from "./tools.js";

console.log(`seed of the properties: LOGWEIR_SEED=${seed}`);

const none: Policy = { logweir: 1 };
const some: Policy = {
  logweir: 1,
  redact: [
    { path: "**.email" },
    { path: "user.*.id", with: "remove" },
    { path: "lines[*]", with: { replace: null } },
    { path: "user[1]", with: "remove" },
  ],
};
const two: Policy = { ...some, routes: [{ name: "lines" }, { name: "list", to: "json" }] };
const formats: Format[] = ["auto", "ndjson", "array", "json", "concat"];

const weirs = { none: compile(none), some: compile(some), two: compile(two) };
const anyWeir = fc.constantFrom<keyof typeof weirs>("none", "some", "two");
const anyFormat = fc.constantFrom(...formats);

const line = fc.oneof(jsonText, jsonText, brokenLine, fc.constantFrom("", " ", "\t"));
const lines = fc.array(line, { maxLength: 8 });
const ending = fc.constantFrom("\n", "\r\n");

/** Any bytes, from well-formed to hopeless. */
const anyInput = fc.oneof(
  fc.tuple(lines, ending).map(([all, end]) => utf8(all.join(end))),
  fc.array(jsonText, { maxLength: 6 }).map((all) => utf8(`[${all.join(",\n")}]`)),
  fc
    .array(damaged, { maxLength: 4 })
    .map((all) => Buffer.concat(all.flatMap((bytes) => [bytes, utf8("\n")]))),
  fc.uint8Array({ maxLength: 60 }),
);

function addsUp({ report, batches, quarantined }: Processed): void {
  expect(report.records).toBe(report.kept + report.filtered + report.quarantined);
  expect(quarantined).toHaveLength(report.quarantined);
  const reasons = Object.values(report.reasons).reduce((sum, count) => sum + count, 0);
  expect(reasons).toBe(report.quarantined);
  for (const { route, body, records } of batches)
    expect(report.routes[route]).toEqual({ records, bytes: body.length });
  for (const { records } of Object.values(report.routes)) expect(records).toBe(report.kept);
}

describe("1 accounted", () => {
  test("every record of any input ends as exactly one thing", () => {
    fc.assert(
      fc.property(anyWeir, anyInput, anyFormat, (which, input, format) => {
        const result = weirs[which].process(input, { format });
        addsUp(result);
        expect(result.report.bytes.in).toBe(input.length);
      }),
    );
  });

  test("of each line JSON.parse says whether it is kept", () => {
    fc.assert(
      fc.property(lines, ending, (all, end) => {
        const result = weirs.none.process(all.join(end), { format: "ndjson" });
        addsUp(result);
        const said = all.filter((text) => text.trim() !== "");
        // Stricter than JSON.parse in one thing: an escape must not be half a character.
        const kept = said.filter((text) => isJson(text) && !hasLoneSurrogate(text));
        expect(result.report).toMatchObject({ records: said.length, kept: kept.length });
      }),
    );
  });

  test("what the policy does not accept is filtered or quarantined, whole", () => {
    const drop = compile({ ...none, accept: { unknown: "drop" } });
    const withhold = compile({ ...none, accept: { unknown: "quarantine" } });
    fc.assert(
      fc.property(fc.array(jsonText, { maxLength: 5 }), (all) => {
        const input = all.map((json) => `${json}\n`).join("");
        const dropped = drop.process(input, { format: "ndjson" });
        expect(dropped.report).toMatchObject({
          records: all.length,
          filtered: all.length,
          bytes: { out: 0 },
        });
        const withheld = withhold.process(input, { format: "ndjson" });
        expect(withheld.report).toMatchObject({
          records: all.length,
          quarantined: all.length,
          bytes: { out: 0 },
        });
      }),
    );
  });
});

function hasLoneSurrogate(json: string): boolean {
  const escapes = json.replace(/\\[^u]/g, "").replace(/\\u[dD][89abAB]..\\u[dD][c-fC-F]../g, "");
  return /\\u[dD][89a-fA-F]../.test(escapes);
}

describe("2 byte-faithful", () => {
  test("without rules each record comes back byte for byte", () => {
    fc.assert(
      fc.property(fc.array(jsonText, { maxLength: 6 }), ending, (all, end) => {
        const output = weirs.none.process(all.join(end), { format: "ndjson" });
        expect(bodyOf(output)).toBe(all.map((json) => `${json.trim()}\n`).join(""));
      }),
    );
  });

  test("rules that meet nothing change nothing", () => {
    const absent = compile({
      ...none,
      redact: [{ path: "**.nowhere-to-be-found" }, { path: "a.b[7].nowhere", with: "remove" }],
    });
    fc.assert(
      fc.property(fc.array(jsonText, { maxLength: 6 }), (all) => {
        const input = all.join("\n");
        const [rules, plain] = [absent, weirs.none].map((weir) => weir.process(input, { format: "ndjson" }));
        expect(bodyOf(rules as Output)).toBe(bodyOf(plain as Output));
      }),
    );
  });

  test("a rule changes its own value and no byte beside it", () => {
    const weir = compile({ ...none, redact: [{ path: "a.email" }] });
    fc.assert(
      fc.property(jsonText, jsonText, jsonText, (before, value, after) => {
        const around = (middle: string) =>
          `{"x":${before},"a":{"y":${after},"email":${middle},"z":0.10},"w":1e-06}`;
        const output = weir.process(around(value.trim()), { format: "json" });
        expect(bodyOf(output).trimEnd()).toBe(around(`"[redacted]"`));
      }),
    );
  });
});

describe("4 redacted", () => {
  type Rule = NonNullable<Policy["redact"]>[number];
  const secret = "AKIAIOSFODNN7EXAMPLE";
  const name = fc.constantFrom("password", "config", "message", "user", "a", "b");
  const withAny = fc.constantFrom<NonNullable<Rule["with"]>>(
    "remove",
    "replace",
    "mask",
    { mask: { last: 4 } },
    { mask: { first: 3, last: 3 } },
    { truncate: 5 },
    { truncate: 300 },
    { replace: "x=y" },
  );
  /** Where a rule is, besides what it is for: maybe at another place, for other records, for the other route. */
  const scope = fc.constantFrom<{ except?: string; when?: string; routes?: string[] }>(
    {},
    {},
    { except: "b" },
    { when: "a:z" },
    { routes: ["other"] },
  );
  const target = fc.oneof(
    fc.oneof(name, fc.constant("*o*")).map((key): Rule => ({ key })),
    name.map((path): Rule => ({ path })),
    fc
      .constantFrom("[a-z]+;password", "config: .*", "[a-z]+=[^ ]*", "https?://[^ ]+", ".+", "[A-Z]{3}")
      .map((pattern): Rule => ({ pattern })),
    fc
      .constantFrom<NonNullable<Rule["detect"]>>("secret", ["email", "url_password"], "authorization")
      .map((detect): Rule => ({ detect })),
  );
  const further = fc
    .tuple(target, withAny, scope)
    .map(([rule, act, where]) => ({ ...rule, with: act, ...where }));
  const sure = fc
    .tuple(
      fc.constantFrom<Rule>({ key: "password" }, { pattern: secret }, { detect: "secret" }, { path: "**.b" }),
      fc.constantFrom<NonNullable<Rule["with"]>>("remove", "replace", "mask"),
    )
    .map(([rule, act]) => ({ ...rule, with: act }));
  const text = fc.constantFrom(
    secret,
    `password=${secret}`,
    `config: a password=${secret} b`,
    `message: x, token: ${secret}`,
    `config='password=${secret}' z`,
    `https://u:${secret}@h.example/x?password=${secret}`,
    `user=ana;password=${secret};x`,
    `config=message=password=${secret}`,
    `pre {"config":"a=${secret}","b":"${secret}"} post`,
    JSON.stringify({ password: `config: password=${secret}`, b: [secret] }),
    Buffer.from(`password=${secret} and more`).toString("base64"),
  );

  test("a further rule lets nothing through that is taken without it", () => {
    fc.assert(
      fc.property(
        sure,
        fc.array(further, { minLength: 1, maxLength: 3 }),
        fc.nat(3),
        fc.dictionary(name, text, { minKeys: 1, maxKeys: 4 }),
        (rule, others, place, record) => {
          const routes = [{ name: "out" }, { name: "other" }];
          const passes = (redact: Rule[]) => {
            const weir = compile({ ...none, routes, redact });
            const { batches } = weir.process(JSON.stringify(record));
            weir.free();
            return batches.some(({ body }) => new TextDecoder().decode(body).includes(secret));
          };
          fc.pre(!passes([rule]));
          expect(passes(others.toSpliced(place, 0, rule))).toBe(false);
        },
      ),
    );
  });
});

describe("5 silent about values", () => {
  const secret = "S3cretC4nary";
  /** The secret as value, as key, inside strings, in broken and in sound records. */
  const told = fc.tuple(jsonText, brokenLine, fc.nat(6)).map(([json, broken, way]) => {
    const forms = [
      `{"email":"${secret}","x":${json}`,
      `{"${secret}":${json}}`,
      `{"email":"${secret}" ${json}}`,
      `${JSON.stringify({ log: `{"${secret}":"${secret}"` })}`,
      `"${secret}\\ud800"`,
      `${broken}${secret}`,
      `{"email":{"${secret}":${json}}}`,
    ];
    return forms[way] as string;
  });

  test("nothing that is told beside the output holds any", () => {
    fc.assert(
      fc.property(
        anyWeir,
        fc.array(told, { minLength: 1, maxLength: 4 }),
        anyFormat,
        (which, all, format) => {
          const weir = weirs[which];
          const input = all.join("\n");
          const { quarantined, report } = weir.process(input, { format });
          expect(JSON.stringify([quarantined, report, weir.explain(input, { format })])).not.toContain(
            secret,
          );
        },
      ),
    );
  });
});

describe("7 split-invariant", () => {
  const bodies = (outputs: readonly Output[], routes: readonly string[]) =>
    routes.map((route) => outputs.map((output) => bodyOf(output, route)).join(""));

  test("a run gives what one call gives, wherever its chunks are cut", () => {
    fc.assert(
      fc.property(anyWeir, anyInput, anyFormat, cuts, fc.boolean(), (which, input, format, parts, views) => {
        const weir = weirs[which];
        const whole = weir.process(input, { format });
        const run = weir.run({ format, views });
        const texts = weir.routes.map(() => "");
        const quarantined: unknown[] = [];
        const take = (output: Output) => {
          // At once: a view is good until the next call.
          weir.routes.forEach((route, index) => {
            texts[index] += bodyOf(output, route);
          });
          quarantined.push(...output.quarantined);
        };
        for (const piece of cutAt(input, parts)) take(run.push(piece));
        take(run.next());
        take(run.finish());
        expect(texts).toEqual(bodies([whole], weir.routes));
        expect(quarantined).toEqual(whole.quarantined);
        expect(run.report).toEqual(whole.report);
      }),
    );
  });

  test("so does a stream, of bytes or of text", async () => {
    await fc.assert(
      fc.asyncProperty(lines, cuts, fc.boolean(), async (all, parts, asText) => {
        const input = all.join("\n");
        const whole = weirs.some.process(input);
        const pieces = cutAt(utf8(input), parts);
        const units = parts.map((part) => Math.floor(part * input.length)).sort((a, b) => a - b);
        const texts = [...units, input.length].map((end, index) => input.slice(units[index - 1] ?? 0, end));
        const stream = weirs.some.stream();
        const out = await textOf(streamOf<Uint8Array | string>(asText ? texts : pieces).pipeThrough(stream));
        expect(out).toBe(bodyOf(whole));
        expect(stream.report).toEqual(whole.report);
      }),
    );
  });
});
