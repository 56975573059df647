// SPDX-License-Identifier: GPL-3.0-or-later
// node mcp_client.mjs COMMAND...: the client of the Model Context Protocol's TypeScript SDK runs an
// experiment of the Viva that COMMAND starts, receives progress, and cancels one. Prints what it
// saw as one object of JSON; anything that the SDK does not accept ends it with an error.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [command, ...args] = process.argv.slice(2);
const transport = new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" });
const client = new Client({ name: "viva-tests", version: "1" });
await client.connect(transport);

const seen = {
  server: client.getServerVersion().name,
  capabilities: Object.keys(client.getServerCapabilities()).sort(),
  tools: (await client.listTools()).tools.map((tool) => tool.name),
  resources: (await client.listResources()).resources.length,
  prompts: (await client.listPrompts()).prompts.map((prompt) => prompt.name),
};

const progress = [];
const run = await client.callTool(
  {
    name: "run_experiment",
    arguments: {
      experiment: "fake-descent",
      preset: "half",
      set: { pause: 30, rate: "0.25" },
      views: ["plane"],
    },
  },
  undefined,
  { onprogress: (step) => progress.push(step) },
);
seen.run = run.structuredContent;
seen.content = run.content.map((part) => part.type + (part.mimeType ? " " + part.mimeType : ""));
seen.progress = progress.map((step) => [step.progress, step.total]);

const refused = await client.callTool({ name: "run_experiment", arguments: { experiment: "none" } });
seen.refused = { isError: refused.isError, text: refused.content[0].text };

// Cancelled once it is under way.
const abort = new AbortController();
try {
  await client.callTool(
    { name: "run_experiment", arguments: { experiment: "fake-descent", set: { pause: 50 }, steps: 1000000 } },
    undefined,
    {
      signal: abort.signal,
      onprogress: (step) => step.progress >= 1 && abort.abort("enough"),
    },
  );
  seen.cancelled = false;
} catch (error) {
  seen.cancelled = String(error.message ?? error).includes("enough");
}
// The server is free for the next one.
const again = await client.callTool({ name: "run_experiment", arguments: { experiment: "fake-descent", steps: 2 } });
seen.after = again.structuredContent.steps;

const notes = (await client.listResources()).resources[0];
seen.notes = (await client.readResource({ uri: notes.uri })).contents[0].text.length;
await client.close();
console.log(JSON.stringify(seen));
