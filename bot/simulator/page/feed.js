// The line to the simulator: live events in, what people do out.

export function listen(handlers) {
  const source = new EventSource("/control/events");
  source.onopen = () => handlers.line(true);
  source.onerror = () => handlers.line(false);
  for (const kind of ["snapshot", "entry", "wire", "typing", "cast", "menu", "commands", "groups", "cleared"]) {
    source.addEventListener(kind, (event) => handlers[kind](JSON.parse(event.data)));
  }
}

export async function act(channel, person, verb, body = {}) {
  const path = `/control/${channel}/${encodeURIComponent(person)}/${verb}`;
  return post(path, { ...body, wait: false });
}

export async function post(path, body = {}) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
