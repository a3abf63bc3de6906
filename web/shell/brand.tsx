export function Brand() {
  return (
    <a class="brand" href="#/">
      <svg
        viewBox="0 0 32 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d="M2 10v4M6 6v12M10 9v6M14 12h6" />
        <circle cx="23" cy="12" r="2.600" fill="currentColor" />
        <path d="m24.500 10 3.500-5M24.500 14l3.500 5" />
        <circle cx="29" cy="4" r="1.600" fill="currentColor" stroke="none" />
        <circle cx="29" cy="20" r="1.600" fill="currentColor" stroke="none" />
      </svg>
      memory-connector
    </a>
  );
}
