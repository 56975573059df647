// SPDX-License-Identifier: GPL-3.0-or-later
// node a2a_client.mjs URL 1.0|0.3: the client of the A2A protocol's JavaScript SDK fetches the card
// of the agent at URL, streams a task, reads it and cancels another. Prints what it saw as one
// object of JSON; anything that the SDK does not accept ends it with an error.
import { Role, TaskState } from "@a2a-js/sdk";
import { Client, ClientFactory, DefaultAgentCardResolver } from "@a2a-js/sdk/client";
import { LegacyJsonRpcTransport } from "@a2a-js/sdk/compat/v0_3/client";

const [url, version] = process.argv.slice(2);
const card = await new DefaultAgentCardResolver().resolve(url);
const client =
  version === "1.0"
    ? await new ClientFactory().createFromAgentCard(card)
    : new Client(new LegacyJsonRpcTransport({ endpoint: url }), card);

const said = (parts) => ({
  tenant: "",
  message: {
    messageId: "m1",
    contextId: "",
    taskId: "",
    role: Role.ROLE_USER,
    parts,
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  },
  configuration: undefined,
  metadata: undefined,
});
const part = (kind, value) => ({
  content: { $case: kind, value },
  metadata: undefined,
  filename: "",
  mediaType: "",
});
const text = (words) => part("text", words);
const seen = { name: card.name, skills: card.skills.map((skill) => skill.id), events: [] };

let id = "";
for await (const event of client.sendMessageStream(
  said([text("run fake-descent with preset half, 40 steps"), part("data", { set: { pause: 10 }, views: ["plane"] })]),
)) {
  const kind = event.payload.$case;
  const status = event.payload.value.status;
  seen.events.push(status ? kind + " " + TaskState[status.state] : kind);
  if (kind === "task") id = event.payload.value.id;
}
const task = await client.getTask({ tenant: "", id });
seen.state = TaskState[task.status.state];
seen.parts = task.artifacts[0].parts.map((one) => one.content.$case);
seen.text = task.artifacts[0].parts[0].content.value;
seen.result = task.artifacts[0].parts.find((one) => one.content.$case === "data").content.value;
seen.picture = task.artifacts[0].parts.find((one) => one.content.$case === "raw").content.value.subarray(1, 4).toString();

// Cancelled once it is under way.
let cancelled;
for await (const event of client.sendMessageStream(
  said([text("run fake-descent pause=20 steps=1000000")]),
)) {
  const value = event.payload.value;
  if (event.payload.$case === "task") id = value.id;
  const sentence = value.status?.message?.parts[0]?.content.value ?? "";
  if (!cancelled && sentence.startsWith("step")) cancelled = await client.cancelTask({ tenant: "", id, metadata: undefined });
}
seen.cancelled = TaskState[cancelled.status.state];
try {
  await client.cancelTask({ tenant: "", id, metadata: undefined });
  seen.again = "";
} catch (error) {
  seen.again = error.constructor.name;
}
console.log(JSON.stringify(seen));
