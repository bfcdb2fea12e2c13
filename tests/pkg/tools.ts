// What the tests of the package share.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Output } from "logweir";
import { onTestFinished } from "vitest";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text: string) => encoder.encode(text);
export const text = (bytes: Uint8Array) => decoder.decode(bytes);

/** A path in the repository. */
export const at = (...parts: string[]) => join(fileURLToPath(new URL("../../", import.meta.url)), ...parts);

/** What one route got, as text. */
export function bodyOf(output: Output, route = "out"): string {
  const batch = output.batches.find((each) => each.route === route);
  return batch ? text(batch.body) : "";
}

/** What a stream gives, as text. */
export async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return text(Buffer.concat(parts));
}

/** A stream of the given chunks. */
export function streamOf<T>(chunks: Iterable<T>): ReadableStream<T> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<T>({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** What a call throws; fails if it does not. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("expected the call to throw");
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "logweir-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A copy of the package of its own, over the wasm of one build (a folder of pkg): what breaks in it breaks nowhere
 * else. Gives a function that imports the copy's modules.
 */
export function copyOfPackage(build = "wasm"): (...parts: string[]) => Promise<never> {
  const folder = temporaryFolder();
  cpSync(at("pkg", "dist"), join(folder, "dist"), { recursive: true });
  cpSync(at("pkg", build), join(folder, "wasm"), { recursive: true });
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  return (...parts) =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, ...parts)).href) as Promise<never>;
}

export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export function logweir(args: readonly string[], input?: string | Uint8Array): Promise<Finished> {
  return finished(spawn(process.execPath, [at("pkg", "bin", "logweir.js"), ...args]), input);
}

/** What a process did by its end. */
export function finished(
  child: ChildProcessWithoutNullStreams,
  input?: string | Uint8Array,
): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (piece) => out.push(piece));
  child.stderr.on("data", (piece) => err.push(piece));
  child.stdin.on("error", () => {}); // the command may stop reading early
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) =>
      resolve({
        status,
        signal,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
  });
}
