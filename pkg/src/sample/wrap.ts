// Records as they look when somebody has wrapped the event: the forms of Workato's custom log messages.
import type { Random } from "./random.js";
import { timeFormat } from "./time.js";

const iso = timeFormat("3Z");
const utc = timeFormat("utc");

/** A record with the event in it, and where: a JSON Pointer (RFC 6901), `""` if the record is the event as text. */
export interface Wrapped {
  readonly text: string;
  readonly at: string;
}

/** Wraps the JSON text of an event. `ms` is when it is sent. */
export function wrap(event: string, random: Random, ms: number): Wrapped {
  const source = random.pick(["Workato", "workato-prod", "integration events"]);
  switch (random.int(0, 5)) {
    case 0:
      return { text: `{"log_message":${event},"now_utc_micro":${ms}${micros(random)}}`, at: "/log_message" };
    case 1:
      return {
        text: `{"source":"${source}","UserID":"${random.int(1000, 9999)}","log":${event},"log_message":${JSON.stringify(event)}}`,
        at: "/log",
      };
    case 2: {
      const time = `${utc(ms).slice(0, 19)}.${iso(ms).slice(20, 23)} +0000 UTC`;
      const clocks = `"Time":"${time}","Time_utc":${ms},"Time_micro":${ms}000,"Time_nano":${ms}000000`;
      const log = `"Log":${event},"Log_Str":${JSON.stringify(event)}`;
      return { text: `{"source":"${source}","Env":"prod",${clocks},${log}}`, at: "/Log" };
    }
    case 3:
      return {
        text: `{"source":"${source}","environment":"prod","service":"workato","logEntries":${event}}`,
        at: "/logEntries",
      };
    case 4:
      return {
        text: `{"timestamp":"${iso(ms)}","log_message_str":${JSON.stringify(event)}}`,
        at: "/log_message_str",
      };
    default:
      return { text: JSON.stringify(event), at: "" };
  }
}

const micros = (random: Random) => String(random.int(0, 999)).padStart(3, "0");
