/** Why a command could not run: told in one or more lines, without a stack; exit status 2. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** What is shown before the message, as it is: lines that an editor can jump from. */
  readonly exhibit: string;

  /** @param cause the error whose mistakes the exhibit shows */
  constructor(message: string, exhibit = "", cause?: unknown) {
    super(message, { cause });
    this.exhibit = exhibit;
  }

  /** All of it, for stderr. */
  get text(): string {
    const message = this.message.replaceAll("\n", "\n         ");
    return `${this.exhibit}${this.exhibit && "\n"}logweir: ${message}\n`;
  }
}

/** Why an input could not be read, or not to its end: the others still can. */
export class Unreadable extends Refusal {}

/** On one line, a character a column, and nothing that steers the terminal. */
export const plain = (text: string) => text.replace(/\p{Cc}/gu, " ");

/** The system's error in a person's words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const texts: Record<string, string> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is not a folder",
    ENOSPC: "no space left on the device",
    EROFS: "the file system is read-only",
    Z_DATA_ERROR: "the gzip data is damaged",
    Z_BUF_ERROR: "the gzip data ends too early",
  };
  return texts[code] ?? (code || "reading or writing failed");
}
