"use client";
import * as logweir from "logweir";
import { useEffect, useState } from "react";
import { trip } from "../trip.mjs";

export function Client() {
  const [live, setLive] = useState("");
  useEffect(() => setLive(trip(logweir)), []);
  return (
    <>
      <pre id="client">{trip(logweir)}</pre>
      <pre id="live">{live}</pre>
    </>
  );
}
