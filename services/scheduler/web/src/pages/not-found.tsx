import { PageHead } from '../parts/page-head.tsx';
import { Empty } from '../parts/states.tsx';

export function NotFound() {
  return (
    <>
      <PageHead title="No such page" />
      <Empty icon="search" title="There is nothing at this address">
        <a class="link" href="/">
          Now
        </a>{' '}
        shows what happens.
      </Empty>
    </>
  );
}
