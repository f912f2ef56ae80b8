// Tests that start processes start what is built, and browser tests open the page that is built.
export { bootstrap as default } from './.scripts/bootstrap.mjs';
