/// <reference lib="esnext.disposable" preserve="true" />

/** Lets `using` free a handle, in the engines that know it. */
export function disposable(prototype: Disposable & { free(): void }): void {
  if (typeof Symbol.dispose !== "symbol") return;
  Object.defineProperty(prototype, Symbol.dispose, {
    value(this: { free(): void }) {
      this.free();
    },
    configurable: true,
    writable: true,
  });
}
