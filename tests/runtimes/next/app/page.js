import * as logweir from "logweir";
import { trip } from "../trip.mjs";
import { Client } from "./client.js";

export default function Page() {
  return (
    <>
      <pre id="server">{trip(logweir)}</pre>
      <Client />
    </>
  );
}
