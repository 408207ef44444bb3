export function WaysIn() {
  return null;
}
