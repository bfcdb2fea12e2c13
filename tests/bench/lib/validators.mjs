// Bytes → verdict: ours, and the validators that JavaScript has, each behind the cheapest way from bytes to values.
import { sink } from "./peers.mjs";
import { probeModule } from "./probe.mjs";

/**
 * A workload in the forms that the rows take.
 * @param {import("./schemas.mjs").Workload} workload
 */
export function formsOf({ parts, formats }, chunkBytes) {
  const ready = parts.map(({ schema, lines }) => {
    const documents = lines.map((line) => Buffer.from(line));
    const chunks = [];
    let chunk = [];
    let held = 0;
    for (const document of documents) {
      chunk.push(document, Buffer.from("\n"));
      held += document.length + 1;
      if (held < chunkBytes) continue;
      chunks.push(Buffer.concat(chunk));
      chunk = [];
      held = 0;
    }
    if (held > 0) chunks.push(Buffer.concat(chunk));
    return { schema, lines, documents, chunks };
  });
  const bytes = ready.reduce(
    (sum, { chunks }) => sum + chunks.reduce((all, { length }) => all + length, 0),
    0,
  );
  const count = ready.reduce((sum, { documents }) => sum + documents.length, 0);
  return { parts: ready, formats, bytes, count };
}

/** V8's own part: texts to values, and bytes to values. */
export function parseRows({ parts, bytes }) {
  return [
    {
      name: "JSON.parse",
      bytes,
      pass: () => {
        for (const { lines } of parts)
          for (let i = 0; i < lines.length; i++) sink.value += JSON.parse(lines[i]) === null ? 1 : 0;
      },
    },
    peerRow("Buffer + JSON.parse", { parts, bytes }, () => () => true),
  ];
}

/** A peer: slices the bytes, parses, validates. `compile` gives a function from a value to a verdict. */
function peerRow(name, { parts, bytes }, compile) {
  let ready;
  try {
    ready = parts.map(({ schema, documents }) => ({ documents, validate: compile(schema) }));
  } catch (error) {
    return { name, skip: `cannot compile: ${String(error.message).split("\n")[0]}` };
  }
  const one = (validate, document) => {
    try {
      return validate(JSON.parse(document.utf8Slice(0, document.length)));
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  };
  return {
    name,
    bytes,
    pass: () => {
      for (const { documents, validate } of ready)
        for (let i = 0; i < documents.length; i++) sink.value += one(validate, documents[i]) ? 1 : 0;
    },
    judge: (part, document) => one(ready[part].validate, document),
  };
}

async function load(name) {
  try {
    return await import(name);
  } catch {
    return undefined;
  }
}

/** The validators that JavaScript has. */
export async function peerRows(input) {
  const [ajv, ajvFormats, cfworker, zod] = await Promise.all(
    ["ajv/dist/2020.js", "ajv-formats", "@cfworker/json-schema", "zod"].map(load),
  );
  const rows = [];
  const add = (name, module, compile) =>
    rows.push(module ? peerRow(name, input, compile) : { name, skip: "not installed (npm ci)" });
  add("Buffer + JSON.parse + ajv", ajv && ajvFormats, (schema) => {
    const one = new ajv.default.default({ strict: false, validateFormats: input.formats });
    if (input.formats) ajvFormats.default.default(one);
    return one.compile(schema);
  });
  // These two check formats whether asked to or not.
  add("Buffer + JSON.parse + @cfworker/json-schema", cfworker, (schema) => {
    const one = new cfworker.Validator(schema, "2020-12");
    return (value) => one.validate(value).valid;
  });
  add("Buffer + JSON.parse + zod (fromJSONSchema)", zod, (schema) => {
    const one = zod.fromJSONSchema(schema);
    return (value) => one.safeParse(value).success;
  });
  return rows;
}

/** Ours, by the public API. */
export function ownRows({ parts, formats, bytes }, { Schema }, label) {
  const ready = parts.map(({ schema, documents, chunks }) => ({
    schema: new Schema(schema, { formats }),
    documents,
    chunks,
  }));
  const each = (name, work) => ({
    name: `${label} ${name}`,
    bytes,
    pass: () => {
      for (const part of ready) sink.value += work(part);
    },
  });
  const single = (verdict) => (part) => {
    let valid = 0;
    for (let i = 0; i < part.documents.length; i++) valid += verdict(part, part.documents[i]) ? 1 : 0;
    return valid;
  };
  const isValid = ({ schema }, document) => schema.isValid(document);
  return [
    {
      ...each("isValid, one document per call", single(isValid)),
      judge: (part, document) => ready[part].schema.isValid(document),
    },
    {
      ...each(
        "validate, one document per call",
        single(({ schema }, document) => schema.validate(document).valid),
      ),
      judge: (part, document) => ready[part].schema.validate(document).valid,
    },
    {
      ...each("run, a verdict for each line of chunks", ({ schema, chunks }) => {
        const run = schema.run({ format: "ndjson" });
        let valid = 0;
        for (const chunk of chunks) for (const verdict of run.push(chunk)) valid += verdict.valid ? 1 : 0;
        return valid + run.finish().length;
      }),
      judge: (part, document) => {
        const run = ready[part].schema.run({ format: "json" });
        return [...run.push(document), ...run.finish()].every(({ valid }) => valid);
      },
    },
  ];
}

/**
 * What checking adds to scan and full tape of the same chunks. The second row has a schema that asks nothing: framing
 * and verdicts, but no checking. Nothing is made of the verdicts.
 */
export async function roomRows({ parts, formats, bytes }, folder, label) {
  const names = ["scan + tape", "scan + tape + framing", "scan + tape + framing + check"].map(
    (name) => `${label} ${name} only`,
  );
  const { Probe, Schema, memory, skip } = await probeModule(folder);
  if (skip !== undefined) return names.map((name) => ({ name, skip }));
  const copy = (at, chunk) => new Uint8Array(memory.buffer, at >>> 0, chunk.length).set(chunk);
  const probe = new Probe();
  const tape = () => {
    for (const { chunks } of parts)
      for (const chunk of chunks) {
        copy(probe.probe_input(chunk.length), chunk);
        sink.value += probe.tape(chunk.length);
      }
  };
  const check = (schemaOf) => {
    const validators = parts.map(({ schema }) =>
      new Schema(JSON.stringify(schemaOf(schema)), false, formats, false, []).validator(),
    );
    for (const validator of validators) validator.tell_findings(0);
    return () => {
      for (let i = 0; i < parts.length; i++) {
        validators[i].begin(1);
        for (const chunk of parts[i].chunks) {
          copy(validators[i].input(chunk.length), chunk);
          sink.value += validators[i].push(chunk.length);
        }
      }
    };
  };
  const passes = [tape, check(() => true), check((schema) => schema)];
  return names.map((name, i) => ({ name, bytes, pass: passes[i] }));
}

/**
 * Answers first: every row that judges says of each document what the schema's author means, and of each spoilt one.
 * @returns {{ name: string, wrong: number, spoilt: number }[]} how many sound documents it refuses; how many spoilt
 *   ones it judges otherwise than the first of `rows`
 */
export function checkVerdicts({ parts }, rows) {
  const judges = rows.filter((row) => row.judge);
  const said = judges.map(({ name }) => ({ name, wrong: 0, spoilt: 0 }));
  parts.forEach(({ documents }, part) => {
    for (const document of documents.slice(0, 300)) {
      judges.forEach(({ judge }, i) => {
        if (!judge(part, document)) said[i].wrong++;
      });
      for (const broken of spoilt(document)) {
        const verdicts = judges.map(({ judge }) => judge(part, broken));
        verdicts.forEach((verdict, i) => {
          if (verdict !== verdicts[0]) said[i].spoilt++;
        });
      }
    }
  });
  return said;
}

/** Documents near a sound one: a member lost, one of another type, bytes lost. */
function spoilt(document) {
  const value = JSON.parse(document.toString());
  const keys = Object.keys(value);
  const out = [document.subarray(0, document.length - 1), Buffer.from("null")];
  for (const key of keys.slice(0, 8)) {
    const { [key]: lost, ...rest } = value;
    out.push(Buffer.from(JSON.stringify(rest)));
    const other = typeof lost === "string" ? [7] : "seven";
    out.push(Buffer.from(JSON.stringify({ ...value, [key]: other })));
  }
  return out;
}
