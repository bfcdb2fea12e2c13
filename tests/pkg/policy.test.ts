import { compile, LogweirError, type Policy, PolicyError } from "logweir";
import { describe, expect, test } from "vitest";
import { bodyOf, thrownBy } from "./tools.js";

/** Five mistakes, each on a line of its own. */
const five = `{
  "logweir": 2,
  "redcat": [],
  "redact": [{ "path": "a..b" }],
  "routes": [{ "name": "out", "to": "xml" }],
  "limits": { "depth": "deep" }
}`;

describe("compile", () => {
  test("reports every mistake at once, with its place", () => {
    const error = thrownBy(() => compile(five)) as PolicyError;
    expect(error).toBeInstanceOf(PolicyError);
    expect(error).toBeInstanceOf(LogweirError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("PolicyError");
    expect(error.problems.map((problem) => problem.line).sort()).toEqual([2, 3, 4, 5, 6]);
    for (const problem of error.problems) {
      expect(problem.code).toMatch(/^P\d{3}$/);
      expect(problem.severity).toBe("error");
      expect(problem.column).toBeGreaterThan(0);
      expect(problem.expected).not.toBe("");
    }
    const [first] = error.problems;
    expect(error).toMatchObject({
      code: first?.code,
      pointer: first?.pointer,
      line: first?.line,
      column: first?.column,
    });
    expect(error.problems.find((problem) => problem.line === 3)?.help).toContain("redact");
    expect(error.message).toContain("5 mistakes");
    for (const problem of error.problems) expect(error.message).toContain(problem.expected);
  });

  test("counts places in the text that it makes of an object", () => {
    const error = thrownBy(() => compile({ logweir: 1, redcat: [] } as unknown as Policy)) as PolicyError;
    // {
    //   "logweir": 1,
    //   "redcat": []
    expect(error).toMatchObject({ line: 3, column: 3 });
  });

  test("takes comments and trailing commas in text", () => {
    const weir = compile(
      `// first\n{ "logweir": 1, /* why */ "redact": [{ "path": "a", "with": "remove" },], }`,
    );
    expect(bodyOf(weir.process(`{"a":1,"b":2}`))).toBe(`{"b":2}\n`);
  });

  test("refuses what is no policy at all", () => {
    for (const wrong of ["", "{", "[]", "null", "7"]) {
      expect(thrownBy(() => compile(wrong))).toBeInstanceOf(PolicyError);
    }
    expect(thrownBy(() => compile(undefined as unknown as string))).toMatchObject({ code: "W904" });
    expect(thrownBy(() => compile(null as unknown as string))).toBeInstanceOf(PolicyError);
    const cycle: Record<string, unknown> = { logweir: 1 };
    cycle.redact = [cycle];
    expect(thrownBy(() => compile(cycle as unknown as Policy))).toMatchObject({ code: "W904" });
  });

  test("leaves nothing behind that harms the next policy", () => {
    for (let n = 0; n < 100; n += 1) thrownBy(() => compile(five));
    expect(bodyOf(compile({ logweir: 1 }).process("{}"))).toBe("{}\n");
  });
});

describe("warnings of a policy", () => {
  test("are those of its queries, where they stand", () => {
    const warnings = (policy: string) => compile(policy).warnings;
    expect(warnings(`{"logweir":1,"accept":{"events":["tray.*"]},"keep":"stepstate:failure"}`)).toMatchObject(
      [{ code: "Q181", severity: "warning", pointer: "/keep", line: 1, column: 53 }],
    );
    expect(warnings(`{"logweir":1,"keep":"stepState:failure"}`)).toEqual([]);
  });

  test("are those of its templates", () => {
    const template = `"[{{stepstate}},{{stepState}}]"`;
    const policy = `{"logweir":1,"routes":[{"name":"out","template":${template}}]}`;
    const ours = compile(policy).warnings.filter(({ code }) => code === "T382");
    expect(ours).toMatchObject([
      { code: "T382", pointer: "/routes/0/template", column: 51, help: "did you mean stepState?" },
    ]);
  });
});
