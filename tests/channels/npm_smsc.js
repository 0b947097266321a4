// An SMSC made of the npm package `smpp`: tells on stdout, a JSON object per line, what it is asked,
// and sends an uplink for each line of JSON on stdin. NODE_PATH names the folder with the package.

const readline = require("readline");
const smpp = require("smpp");

const sessions = new Set();
let nextId = 0;

function tell(what, values) {
  process.stdout.write(`${JSON.stringify({ what, ...values })}\n`);
}

function receiver() {
  return [...sessions].find((session) => session.receives);
}

function receipt(pdu, id) {
  receiver()?.deliver_sm({
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611201405 done date:2611201405 `
      + "stat:DELIVRD err:000 text:",
    receipted_message_id: id,
    message_state: smpp.MESSAGE_STATE.DELIVERED,
  }, (answer) => tell("receipt_answer", { status: answer.command_status }));
}

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
  session.on("error", () => sessions.delete(session));
  for (const bind of ["bind_receiver", "bind_transmitter", "bind_transceiver"]) {
    session.on(bind, (pdu) => {
      session.receives = bind !== "bind_transmitter";
      session.send(pdu.response({ system_id: "npm" }));
      tell("bind", { bind, system_id: pdu.system_id, password: pdu.password });
    });
  }
  session.on("enquire_link", (pdu) => { session.send(pdu.response()); tell("enquiry", {}); });
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("submit_sm", (pdu) => {
    const id = `m${++nextId}`;
    session.send(pdu.response({ message_id: id }));
    const { message, udh } = pdu.short_message;
    tell("submit", {
      id, text: message, udh: udh ? udh.map((each) => [...each]) : null, coding: pdu.data_coding,
      from: pdu.source_addr, to: pdu.destination_addr, registered: pdu.registered_delivery,
    });
    receipt(pdu, id);
  });
});

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  receiver().deliver_sm(JSON.parse(line), (answer) =>
    tell("uplink_answer", { status: answer.command_status }));
}).on("close", () => process.exit(0));

server.listen(Number(process.argv[2]), "127.0.0.1", () => tell("ready", {}));
