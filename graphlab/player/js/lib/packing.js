// Large data, as packing.py packs it: JSON, deflated, in base64.

/** @param {string} packed @returns {Promise<any>} */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
