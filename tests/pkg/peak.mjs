// Loaded into a process before its program (node --import): at the end it writes the peak of its resident memory, in
// bytes, to the file that LOGWEIR_PEAK names.
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => writeFileSync(process.env.LOGWEIR_PEAK, String(peak())));

function peak() {
  try {
    // getrusage would count the parent too, from before the program was loaded.
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
