/** One line that becomes two. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 28 20" aria-hidden="true" focusable="false">
      <path className="mark-in" d="M2 10h7" />
      <path className="mark-a" d="M9 10c6 0 5-7 11-7h6" />
      <path className="mark-b" d="M9 10c6 0 5 7 11 7h6" />
    </svg>
  );
}
