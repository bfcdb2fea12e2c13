// The official JSON Schema test suite through the package: what is native (tests/schema.rs) is what ships.
//
// It is looked for beside the repository (`../shared/suites`), or where LOGWEIR_SUITES says.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Schema, SchemaError, type SchemaOptions } from "logweir";
import { describe, expect, test } from "vitest";
import { at } from "./tools.js";

interface Group {
  readonly description: string;
  readonly schema: object | boolean;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

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
      // Numbers that JavaScript rounds are exact in the text alone.
      const groups: Group[] = JSON.parse(read(suite, draft, folder, name));
      for (const { description, schema: written, tests } of groups) {
        const schema = compiled(written, options);
        for (const { description: what, data, valid } of tests) {
          const text = JSON.stringify(data);
          const said = schema && [
            schema.isValid(text),
            schema.validate(text).valid,
            schema.output(text, "basic").valid,
          ];
          if (said?.every((each) => each === valid)) passed += 1;
          else failed.push(`${name}: ${description} / ${what}: ${said}`);
        }
        schema?.free();
      }
    }
    expect(failed).toEqual([]);
    expect(passed).toBe(all);
  });
});

function compiled(schema: object | boolean, options: SchemaOptions): Schema | undefined {
  try {
    return new Schema(schema, options);
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
