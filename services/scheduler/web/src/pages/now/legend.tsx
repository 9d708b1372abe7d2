export function Legend() {
  return (
    <div class="pad legend">
      <span>
        <svg width="18" height="10" aria-hidden="true">
          <rect class="f-ok" width="18" height="10" rx="2" />
        </svg>
        done
      </span>
      <span>
        <svg width="18" height="10" aria-hidden="true">
          <rect fill="url(#hatch)" class="s-wait" width="18" height="10" />
        </svg>
        waited for a limit
      </span>
      <span>
        <svg width="18" height="10" aria-hidden="true">
          <rect class="s-quiet" fill="none" x=".5" y=".5" width="17" height="9" rx="2" />
        </svg>
        expected
      </span>
      <span>
        <svg width="5" height="16" aria-hidden="true">
          <path class="f-quiet" d="M0 7h5v9H0z" />
        </svg>
        loaded
      </span>
      <span>
        <svg width="5" height="16" aria-hidden="true">
          <path class="f-warn" d="M0 0h5v4H0zM0 7h5v9H0z" />
        </svg>
        with rejects
      </span>
      <span>
        <svg width="5" height="16" aria-hidden="true">
          <path class="f-fail" d="M0 0h5v16H0z" />
        </svg>
        failed
      </span>
    </div>
  );
}
