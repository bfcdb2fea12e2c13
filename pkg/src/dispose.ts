/// <reference lib="esnext.disposable" preserve="true" />

/** Lets `using` free a handle, in the engines that know it. */
export function disposable(prototype: Disposable & { free(): void }): void {
  define(prototype, Symbol.dispose, function (this: { free(): void }) {
    this.free();
  });
}

/** Lets `await using` close what takes its time. */
export function asyncDisposable(prototype: AsyncDisposable & { close(): Promise<void> }): void {
  define(prototype, Symbol.asyncDispose, function (this: { close(): Promise<void> }) {
    return this.close();
  });
}

function define(prototype: object, name: symbol, value: unknown): void {
  if (typeof name === "symbol")
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}
