/** Every feature sets this many places of the vector, so that two features rarely fall together altogether. */
const places = 4;

/**
 * Adds a named feature to a vector: a few signed places chosen by a hash of the name ("feature hashing"). Different features
 * are nearly orthogonal, and no vocabulary has to be kept.
 */
export function addFeature(vector: Float32Array, feature: string, weight: number): void {
  const amount = weight / Math.sqrt(places);
  let state = fnv1a(feature);
  for (let i = 0; i < places; i++) {
    state = mix(state + i);
    const at = state % vector.length;
    vector[at] = (vector[at] ?? 0) + (state & 0x80000000 ? amount : -amount);
  }
}

/** Scales a vector to length 1; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads every bit of the state over the whole word (the finaliser of MurmurHash3). */
function mix(state: number): number {
  let hash = state;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
