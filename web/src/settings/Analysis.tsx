export function Analysis() {
  return null;
}
