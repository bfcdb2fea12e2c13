// Instantiates a built module and lets it do a little work. A module that wasm-opt broke fails here.
//   node pkg/tools/smoke.mjs FOLDER
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const glue = await import(pathToFileURL(join(folder, "core.js")).href);
const wasm = glue.initSync({ module: readFileSync(join(folder, "core_bg.wasm")) });

const engine = new glue.Engine('{"logweir":1}', []);
const layout = engine.layout();
assert.equal(layout.routes.length, 1, "a policy without routes has one");

const run = engine.run();
const input = new TextEncoder().encode('{"a":1}\n{"b":[true,null]}\n');
new Uint8Array(wasm.memory.buffer, run.input(input.length), input.length).set(input);
run.process(input.length, 0);
const counters = new Float64Array(wasm.memory.buffer, run.counters(), layout.always);
assert.deepEqual([...counters.slice(0, 4)], [2, 2, 0, 0], "two records, both kept");
const [, , , , address, length] = counters.slice(8, 14);
const output = new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, address, length));
assert.equal(output, '{"a":1}\n{"b":[true,null]}\n', "records that no rule touches keep their bytes");

const schema = new glue.Schema('{"type":"integer","minimum":2}', false, false, false, []);
const validator = schema.validator();
const isValid = (text) => {
  const bytes = new TextEncoder().encode(text);
  const at = validator.input(bytes.length);
  new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
  return validator.is_valid(bytes.length);
};
assert.deepEqual(["2", "1", "x"].map(isValid), [1, 0, 0], "a schema tells right from wrong");
