import { expect, test } from "vitest";
import { spacedPlace, templateOf, withTemplate } from "../../www/src/base/document.ts";

const policy = `{
  // the routes
  "logweir": 1,
  "routes": [
    { "name": "a, b", "template": { "x": "{{id}}" } /* as it is */ },
    { "name": "text", "template": "{\\"x\\": {{{id}}}}", },
    { "name": "none" },
  ],
}`;

test("a route's template is read from a policy with comments and stray commas", () => {
  expect(templateOf(policy, "a, b")).toEqual({ form: "value", text: '{ "x": "{{id}}" }' });
  expect(templateOf(policy, "text")).toEqual({ form: "text", text: '{"x": {{{id}}}}' });
  expect(templateOf(policy, "none")).toBeUndefined();
  expect(templateOf(policy, "other")).toBeUndefined();
  expect(templateOf("{", "none")).toBeUndefined();
});

test("a template is put into a policy, and all else stays", () => {
  const next = withTemplate(policy, "none", '{ "n": 1 }');
  expect(next).toBe(policy.replace('{ "name": "none" }', '{ "name": "none", "template": { "n": 1 } }'));
  expect(withTemplate(policy, "a, b", '"$&"')).toBe(policy.replace('{ "x": "{{id}}" }', () => '"$&"'));
  expect(withTemplate(policy, "other", "1")).toBeUndefined();
});

test("a place of a JSON text without spaces is found in the text with them", () => {
  const spaced = '{\n  "a b\\"": [ 1, "{{x }}" ]\n}';
  const tight = JSON.stringify(JSON.parse(spaced));
  const at = tight.indexOf("{{x");
  expect(spaced.slice(spacedPlace(spaced, at))).toMatch(/^\{\{x \}\}/);
  expect(spacedPlace(spaced, tight.length)).toBe(spaced.length);
});
