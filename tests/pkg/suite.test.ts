// The official JSON Schema test suite through the package: what is native (tests/schema.rs) is what ships.
//
// It is looked for beside the repository (`../shared/suites`), or where LOGWEIR_SUITES says.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Schema, SchemaError, type SchemaOptions } from "logweir";
import { describe, expect, test } from "vitest";
import { elements, texts } from "./json.js";
import { at } from "./tools.js";

const suite = join(process.env.LOGWEIR_SUITES ?? at("..", "shared", "suites"), "json-schema");
const isThere = existsSync(join(suite, "draft7"));
if (!isThere) console.log("skipped: no JSON Schema suite is here; LOGWEIR_SUITES says where it is");

const json = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (...parts: string[]) => readFileSync(join(...parts), "utf8");

/** The schemas that the suite's server would serve. */
function remotes(): Record<string, string> {
  const folder = join(suite, "remotes");
  const names = readdirSync(folder, { recursive: true }) as string[];
  const paths = names.filter((name) => name.endsWith(".json")).map((name) => name.replaceAll("\\", "/"));
  return Object.fromEntries(paths.map((path) => [`http://localhost:1234/${path}`, read(folder, path)]));
}

describe.skipIf(!isThere)("the official suite", () => {
  test.each([
    ["draft2020-12", "2020-12", false, ".", 1299],
    ["draft7", "draft-07", false, ".", 927],
    ["draft2020-12", "2020-12", true, "optional/format", 764],
    ["draft7", "draft-07", true, "optional/format", 676],
  ] as const)("%s (%s, formats: %s), %s: all %i", (draft, dialect, formats, folder, all) => {
    const options: SchemaOptions = { dialect, formats, remotes: remotes() };
    const failed: string[] = [];
    let passed = 0;
    for (const name of json(join(suite, draft, folder))) {
      for (const group of elements(read(suite, draft, folder, name)).map(texts)) {
        const schema = compiled(group.schema as string, options);
        for (const { description, data = "", valid } of elements(group.tests).map(texts)) {
          const said = schema && [
            schema.isValid(data),
            schema.validate(data).valid,
            schema.output(data, "basic").valid,
          ];
          if (said?.every((each) => String(each) === valid)) passed += 1;
          else failed.push(`${name}: ${group.description} / ${description}: ${said}`);
        }
        schema?.free();
      }
    }
    expect(failed).toEqual([]);
    expect(passed).toBe(all);
  });
});

function compiled(schema: string, options: SchemaOptions): Schema | undefined {
  try {
    return new Schema(schema, options);
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
